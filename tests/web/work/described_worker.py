"""A worker that knows nothing but the address of a server and what /openapi.json says there.

`python described_worker.py URL NAME TASKS`: completes so many tasks as their payload says, a line
of JSON for each, and ends its session. A task whose payload is `hold` for NAME is held until a line
comes on stdin.
"""

import json
import sys
import threading
import urllib.error
import urllib.request
from typing import Any


class Described:
    """The operations of an API, by the ids that its description gives them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.bearer = ""
        with urllib.request.urlopen(f"{url}/openapi.json", timeout=30) as answer:
            self._text = json.load(answer)
        self._operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in self._text["paths"].items()
            for method, operation in item.items()
        }

    def call(self, name: str, place: str = "", **fields: Any) -> Any:
        """Call an operation with fields that its description has; return what it answers."""
        method, path, operation = self._operations[name]
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", place)
        if "requestBody" in operation:
            self._check(operation["requestBody"]["content"]["application/json"]["schema"], fields)
        headers = {"Content-Type": "application/json"}
        if "security" in operation:
            (scheme,) = operation["security"][0]
            assert self._text["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
            headers["Authorization"] = f"Bearer {self.bearer}"
        body = json.dumps(fields).encode() if fields else None
        request = urllib.request.Request(self._url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert str(answer.status) in operation["responses"]
            return json.loads(answer.read() or b"null")

    def _check(self, schema: Any, value: Any) -> None:
        """Fail unless every field that is sent is described, and every one that must be is sent."""
        schema = self._resolved(schema)
        if isinstance(value, list):
            for item in value:
                self._check(schema["items"], item)
        elif isinstance(value, dict) and "properties" in schema:
            assert set(schema["required"]) <= set(value) <= set(schema["properties"]), value
            for name, inner in value.items():
                self._check(schema["properties"][name], inner)

    def _resolved(self, schema: Any) -> Any:
        found = [schema, *schema.get("anyOf", ())]
        for choice in found:
            if "$ref" in choice:
                return self._text["components"]["schemas"][choice["$ref"].rpartition("/")[2]]
        return schema


def result_of(task: Any, *, name: str) -> dict[str, Any]:
    """Do what the task's event says."""
    order = task["events"][0]
    match order["payload"]["do"]:
        case "retry" if task["attempt"] == 1:
            return {"outcome": "retry", "error": {"code": "again", "message": "not yet"}}
        case "fail":
            return {"outcome": "fail", "error": {"code": "no", "message": "never"}}
        case "hold" if order["payload"]["for"] == name:
            print(json.dumps({"holds": task["task_id"]}), flush=True)
            sys.stdin.readline()
    output = task["outputs"][0]["dataset"]
    made = {"dataset": output, "key": order["key"], "payload": {"by": name}}
    return {"outcome": "ok", "events": [made]}


def main(url: str, name: str, tasks: int) -> None:
    api = Described(url)
    opened = api.call("open_work_session", worker=name, operators=["errand.run"], capacity=10)
    api.bearer, session = opened["session_token"], opened["session"]
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(opened["lease_seconds"] / 3):
            api.call("send_heartbeat", session=session)

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    while tasks > 0:
        claimed = api.call("claim_tasks", session=session, capacity=10, wait_ms=20_000)
        claimed.sort(key=lambda task: task["events"][0]["payload"]["do"] == "hold")
        for task in claimed:
            result = {"token": task["token"], **result_of(task, name=name)}
            (done,) = api.call("complete_tasks", results=[result])["results"]
            tasks -= 1
            print(json.dumps({"task": task["task_id"], **done}), flush=True)
    stop.set()
    beating.join()
    api.call("close_work_session", str(session))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
