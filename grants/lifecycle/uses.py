"""Whether a record is in use."""

from typing import Any

from django.db import models


def in_use(record: models.Model, *parts: type[models.Model]) -> bool:
    """Whether any other record points at this one, whichever room it lives in; its own parts do not count."""
    for relation in record._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        model: Any = relation.related_model
        if model not in parts and model._default_manager.filter(**{relation.field.name: record}).exists():  # type: ignore[union-attr]
            return True
    return False
