"""A department that never answered is never said to have been collected."""

from dataclasses import replace

from collecting import City, definition


def test_of_a_department_that_never_answered_nothing_was_collected(city: City) -> None:
    city.redefine("v1", north=definition("north"), south=definition("south"))
    nowhere = city.places["north"].url + ".absent"
    catalogue = city.holder.catalogue
    city.holder.catalogue = replace(catalogue, urls={**catalogue.urls, "north": nowhere})
    watch = city.watch
    with city.collecting():
        watch.until(lambda: watch.value("south.share") is None and watch.value("south.opened") == 0)
        watch.until(lambda: watch.counter("north", "breaker") == "open")
        watch.until(lambda: "north.share" in watch.section("readings"))
        told = {**watch.section("readings"), **watch.section("feeds")}
        of = {key: entry["collected_at"] for key, entry in told.items()}
        assert {key for key, at in of.items() if key.startswith("north") and at} == set()
        assert of["south.opened"]
        assert of["south.orders"]
