"""The rows of a list: their order, and what each cell of them is in a file."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import F, Model, QuerySet
from django_tables2.data import TableListData, TableQuerysetData
from django_tables2.utils import signature

AT_ONCE = 2000  # rows that an export holds at a time


class Rows(TableQuerysetData):
    """The records of a list. Blanks stand last either way, and equals in one order, so that no row is on two pages."""

    data: QuerySet[Any]

    def __init__(self, data: QuerySet[Any]) -> None:
        super().__init__(data)
        self.equals = [*(data.query.order_by or data.model._meta.ordering), "pk"]

    def order_by(self, aliases: Any) -> None:
        first = [name for alias in aliases or () for name in self._order_of(alias)]
        self.data = self.data.order_by(*first, *self.equals)

    def _order_of(self, alias: Any) -> list[Any]:
        """What one column sorts by: its own order, or its paths, blanks last. The library lets one column's own order
        push out the others."""
        column = self.table.columns[alias.bare]
        ordered, is_own = column.order(self.data, alias.is_descending)
        if is_own:
            return list(ordered.query.order_by)
        paths = (
            column.order_by if alias.is_descending == column.order_by_alias.is_descending else column.order_by.opposite
        )
        return [_blank_last(path.for_queryset()) for path in paths]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.data.iterator(AT_ONCE))


class Lines(TableListData):
    """The lines of a list that the database does not have: sorted once for each column asked for, from the last on."""

    def order_by(self, aliases: Any) -> None:
        for alias in reversed(aliases):
            for path in reversed(self.table.columns[alias.bare].order_by):
                self.data.sort(key=tables.A(path.bare).resolve, reverse=path.is_descending)


def _blank_last(name: Any) -> Any:
    if not isinstance(name, str):
        return name
    return F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)


# ---- For a file --------------------------------------------------------------------------------------------------


def rows_of(table: tables.Table) -> Iterator[list[Any]]:
    """The headings, then each record's values, hidden columns among them, as `Table.as_values` gives them. What a column
    is read from and what it asks for is found once, and not for each cell: of 28,000 rows that was nine parts in ten."""
    columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
    yield [str(column.header) for column in columns]
    read = [_reader(column, getattr(table.data, "model", None)) for column in columns]
    write = [_writer(column, table) for column in columns]
    empty = [column.column.empty_values for column in columns]
    for record in table.data:
        values = [one(record) for one in read]
        yield [
            None if value in blanks else one(value, record)
            for one, value, blanks in zip(write, values, empty, strict=True)
        ]


def _reader(column: Any, model: type[Model] | None) -> Callable[[Any], Any]:
    """Reads a column's value from a record: of a field with choices, its word."""
    path = column.accessor
    if model is None:
        return lambda record: path.resolve(record, quiet=True)
    try:
        field = path.get_field(model)
    except FieldDoesNotExist:
        field = None
    *before, last = path.bits
    read = attrgetter(".".join([*before, f"get_{last}_display"] if getattr(field, "choices", None) else path.bits))

    def value(record: Any) -> Any:
        try:
            found = read(record)
        except (AttributeError, ObjectDoesNotExist):
            return None
        return found() if callable(found) else found

    return value


def _writer(column: Any, table: tables.Table) -> Callable[[Any, Any], Any]:
    """Makes what a file keeps of a value, with whatever the column asks for beside it."""
    names, rest = signature(column.value)
    given = {"column": column.column, "bound_column": column, "table": table, "bound_row": None}
    if rest:
        names = ("value", "record", *given)
    if names == ("value",):
        return lambda value, _record: column.value(value)
    fixed = {name: given[name] for name in names if name in given}
    asked = [name for name in names if name in ("value", "record")]

    def write(value: Any, record: Any) -> Any:
        both = {"value": value, "record": record}
        return column.value(**{name: both[name] for name in asked}, **fixed)

    return write
