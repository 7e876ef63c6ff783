"""A lower room names no higher one: neither its modules, models, addresses and templates, nor its reverse relations."""

import re

from django.apps import apps

from tests.house.reading import ROOT, above, files, imports, place, room_of, strings, tree, words

SHARED = (
    "__init__",
    "autosave",
    "clock",
    "differences",
    "faults",
    "files",
    "formats",
    "forms",
    "lists",
    "rows",
    "tables",
    "tags",
    "unpacking",
    "workbooks",
)


def package(room: str) -> str:
    return "reporting" if room == "reporting" else f"grants.{room}"


def reverse_relations() -> dict[str, set[str]]:
    """For each room, the names by which lower models reach its rows."""
    names: dict[str, set[str]] = {}
    for model in apps.get_models():
        room = model._meta.app_label
        for field in model._meta.get_fields():
            if not (field.is_relation and not field.auto_created and field.related_model):
                continue
            target, name = field.related_model, getattr(field.remote_field, "get_accessor_name", str)()
            if name and target._meta.app_label != room:
                names.setdefault(room, set()).add(name)
    return names


def test_python_names_no_higher_room() -> None:
    found = []
    for path in files("grants", "reporting"):
        room = room_of(path)
        if room is None and path.stem not in SHARED:
            continue
        modules = tuple(package(higher) for higher in above(room))
        labels = "|".join(above(room))
        if not labels:
            continue
        naming = re.compile(rf"^(?:grants\.)?(?:{labels})[.:/]\w")
        found += [
            f"{place(path, line)} imports {name}"
            for line, name in imports(path)
            if any(name == module or name.startswith(f"{module}.") for module in modules)
        ]
        found += [f"{place(path, line)} names {text!r}" for line, text in strings(path) if naming.match(text)]
    assert not found, "\n".join(found)


def test_python_follows_no_relation_of_a_higher_room() -> None:
    by_room, found = reverse_relations(), []
    for path in files("grants", "reporting"):
        room = room_of(path)
        if room is None:
            continue
        names = set().union(*(by_room.get(higher, set()) for higher in above(room)))
        own = set().union(*(by_room.get(other, set()) for other in by_room if other not in above(room)))
        fields = {field.name for model in apps.get_models() for field in model._meta.fields}
        names -= own | fields
        found += [
            f"{place(path, line)} follows {word}"
            for line, word in [*words(path), *((line, text) for line, text in strings(path) if "__" in text)]
            if names & set(word.split("__"))
        ]
    assert not found, "\n".join(found)


def test_templates_name_no_higher_room() -> None:
    by_room, found = reverse_relations(), []
    for path in files("templates", ends=(".html", ".txt")):
        room = room_of(path)
        if room is None and path.parent.name != "shared":
            continue  # the frame of every page, and the pages for errors
        labels = "|".join(above(room))
        if not labels:
            continue
        naming = re.compile(rf"""["'](?:{labels})[:/]""")
        relations = set().union(*(by_room.get(higher, set()) for higher in above(room))) if room else set()
        own = set().union(*(by_room.get(other, set()) for other in by_room if other not in above(room)))
        following = re.compile(rf"\.(?:{'|'.join(sorted(relations - own)) or '(?!)'})\b")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            tags = " ".join(re.findall(r"{[{%].*?[}%]}", line))
            if naming.search(tags) or following.search(tags):
                found.append(f"{place(path, number)} {tags}")
    assert not found, "\n".join(found)


def test_only_services_go_through_the_door() -> None:
    doors = {f"grants.lifecycle.door.{name}" for name in ("advance", "lock")}
    found = [
        f"{place(path, line)} imports {name}"
        for path in files("config", "grants", "reporting")
        for line, name in imports(path)
        if name in doors | {"grants.lifecycle.door"}
        and "services" not in path.with_suffix("").parts
        and "lifecycle" not in path.parts
    ]
    assert not found, "\n".join(found)


def test_only_reporting_pdf_knows_reportlab() -> None:
    found = [
        f"{place(path, line)} imports {name}"
        for path in files("config", "grants", "reporting")
        for line, name in imports(path)
        if name.split(".")[0] == "reportlab" and not path.is_relative_to(ROOT / "reporting" / "pdf")
    ]
    assert not found, "\n".join(found)


def test_the_pdf_code_knows_neither_django_nor_a_room() -> None:
    found = [
        f"{place(path, line)} imports {name}"
        for path in files("reporting/pdf")
        for line, name in imports(path)
        if name.split(".")[0] in ("django", "grants", "config")
        or (name.startswith("reporting.") and not name.startswith("reporting.pdf"))
    ]
    assert not found, "\n".join(found)


def test_every_file_can_be_read() -> None:
    assert len(files("config", "grants", "reporting")) > 50
    for path in files("config", "grants", "reporting", "tests"):
        assert tree(path)
