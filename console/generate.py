"""Write `src/api/schema.ts`, the TypeScript side of the HTTP API, from its OpenAPI description.

`python console/generate.py` writes the file; `--check` fails when it is not what would be written.
Each schema becomes an interface, each operation an entry of `operations` with the types of its
parameters, body and result. The console's own code needs no other description of the API.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from headgate.web.description import describe_api

TARGET = Path(__file__).parent / "src" / "api" / "schema.ts"
_METHODS = ("get", "post", "put", "delete", "patch")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_PREFIX = "#/components/schemas/"
_PLAIN = {
    "integer": "number",
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "null": "null",
}
Schema = dict[str, Any]


def typescript(spec: Schema) -> str:
    """Return the source of the module."""
    parts = [
        "// Written by console/generate.py from the OpenAPI description: do not edit.\n",
        *(_declaration(name, s) for name, s in sorted(spec["components"]["schemas"].items())),
    ]
    table, signatures = [], []
    for path, item in sorted(spec["paths"].items()):
        for method in _METHODS:
            if (operation := item.get(method)) and not path.startswith("/api/v1/work/"):
                name = operation["operationId"]
                table.append(f'  {name}: ["{method.upper()}", "{path}"],')
                signatures.append(_signature(name, operation))
    parts.append("export const operations = {\n" + "\n".join(table) + "\n} as const;\n")
    parts.append("export interface Signatures {\n" + "\n".join(signatures) + "\n}\n")
    return "\n".join(parts)


def _declaration(name: str, schema: Schema) -> str:
    about = _comment(schema.get("description", ""))
    if schema.get("type") == "object" and "properties" in schema:
        return f"{about}export interface {_identifier(name)} {_object(schema, '')}\n"
    return f"{about}export type {_identifier(name)} = {_type(schema)};\n"


def _signature(name: str, operation: Schema) -> str:
    given = [p for p in operation.get("parameters", []) if p["in"] in ("path", "query")]
    fields = [
        f"{_key(p['name'])}{'' if p.get('required') else '?'}: {_type(p['schema'])}" for p in given
    ]
    params = "{ " + "; ".join(fields) + " }" if fields else "Record<never, never>"
    body = "undefined"
    if content := operation.get("requestBody", {}).get("content"):
        body = _content(content)
    answers = [operation["responses"][c] for c in operation["responses"] if c.startswith("2")]
    results = dict.fromkeys(_content(a["content"]) for a in answers if a.get("content"))
    result = " | ".join(results) or "undefined"
    return f"  {name}: {{ params: {params}; body: {body}; result: {result} }};"


def _content(content: Schema) -> str:
    kind, media = next(iter(content.items()))
    if kind == "application/json":
        return _type(media.get("schema", {}))
    return _type(media["itemSchema"]) if "itemSchema" in media else "string"


def _type(schema: Schema, indent: str = "  ") -> str:
    if ref := schema.get("$ref"):
        return _identifier(ref.removeprefix(_PREFIX))
    if "const" in schema or "enum" in schema:
        return " | ".join(map(json.dumps, schema.get("enum", [schema.get("const")])))
    for many, sign in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        if many in schema:
            return sign.join(dict.fromkeys(_type(part, indent) for part in schema[many]))
    match schema.get("type"):
        case "array":
            return _array(schema, indent)
        case "object":
            return _object(schema, indent) if "properties" in schema else _record(schema)
        case plain:
            return _PLAIN.get(str(plain), "unknown")


def _array(schema: Schema, indent: str) -> str:
    if parts := schema.get("prefixItems"):
        return "[" + ", ".join(_type(part, indent) for part in parts) + "]"
    item = _type(schema.get("items", {}), indent)
    return f"({item})[]" if re.search(r"[ |&]", item) else f"{item}[]"


def _record(schema: Schema) -> str:
    extra = schema.get("additionalProperties")
    return f"Record<string, {_type(extra) if isinstance(extra, dict) else 'unknown'}>"


def _object(schema: Schema, indent: str) -> str:
    required = set(schema.get("required", ()))
    # A server always writes the fields that have a default: optional is for what is asked.
    lines = [
        f"{_comment(s.get('description', ''), indent + '  ')}{indent}  {_key(name)}"
        f"{'' if name in required else '?'}: {_type(s, indent + '  ')};"
        for name, s in schema["properties"].items()
    ]
    return "{\n" + "\n".join(lines) + f"\n{indent}}}"


def _comment(text: str, indent: str = "") -> str:
    flat = " ".join(text.split()).replace("*/", "* /")
    return f"{indent}/** {flat} */\n" if flat else ""


def _identifier(name: str) -> str:
    return re.sub(r"_+$", "", re.sub(r"\W", "_", name))


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else json.dumps(name)


def main(arguments: list[str]) -> int:
    made = typescript(describe_api())
    if arguments == ["--check"]:
        if TARGET.read_text(encoding="utf-8") == made:
            return 0
        print("src/api/schema.ts is not current; run: python console/generate.py", file=sys.stderr)
        return 1
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
