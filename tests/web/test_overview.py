"""The first page over HTTP."""

from http_client import Api, unique


def test_the_overview_has_all_of_the_first_page(api: Api) -> None:
    task = api.order("succeed", key=unique("overview"))
    api.state(task, "succeeded")

    found = api.get("/overview").json

    assert found["kpis"]["workers"] >= 1
    assert found["kpis"]["datasets"] >= 6
    (tiny,) = [dag for dag in found["dags"] if dag["name"] == "tiny"]
    assert (tiny["jobs"], tiny["version"] >= 1) == (2, True)
    assert tiny["sentence"].endswith(".")
    assert len(found["ended"]) <= 10
    assert task in {one["id"] for one in found["ended"]}
    assert len(found["operations"]) <= 5


def test_a_dead_letter_needs_a_person_until_it_is_dealt_with(api: Api) -> None:
    # Tasks that fail in the same way are one item, so the way must be this test's own.
    task = api.order("refuse", unless=unique("never/there"))
    letter = api.state(task, "dead")["dead_letter"]
    way = api.get(f"/dead-letters/{letter}").json["fingerprint"]

    found = api.get("/attention").json

    (item,) = [one for one in found["items"] if one["target"]["id"] == way]
    assert (item["code"], item["severity"]) == ("dead_letters", "warning")
    assert item["count"] >= 1
    assert "This <b>cannot</b> be done. Mend it." in item["sentence"]
    assert item["command"] == f"headgate dlq list --job tiny.act --fingerprint {way}"
    assert found["items"] == api.get("/overview").json["attention"]["items"]
    api.post(f"/dead-letters/{letter}/discard")
