"""The two kinds of page in the Django admin: records to be looked at, and what administrators set up."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from grants.lifecycle.uses import in_use


class OfAdministrators:
    """What both kinds share: administrators see it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for everybody who enters the admin."""
        return bool(request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Seen by everybody who enters the admin."""
        return bool(request.user.is_staff)


class ReadOnly(OfAdministrators):
    """Nothing is added, changed or removed here: the pages of the room do that, through the door."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of a record that is only looked at."""

    extra = 0


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Records that are only looked at, by those who may see them on the pages too."""

    actions = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What the person may see."""
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows


class AdministratorAdmin(OfAdministrators, admin.ModelAdmin):
    """What administrators set up: they add and change it, and remove what nothing uses yet.

    `body` is the way to the managing body that it belongs to ("strand__managing_body"): only the administrators of that
    body add and change it. Without one, every administrator does.
    """

    actions = None
    body: ClassVar[str] = ""
    parts: ClassVar[tuple[type[models.Model], ...]] = ()
    """Models of rows that are written on the record's own page, and do not count as a use."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return bool(request.user.is_staff)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators of the body that it belongs to."""
        return bool(request.user.is_staff) and (obj is None or self._is_own(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same, while nothing uses it."""
        return self.has_change_permission(request, obj) and (obj is None or not in_use(obj, *self.parts))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """On the way to the managing body, only what is the person's own can be chosen."""
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        name, _, rest = self.body.partition("__")
        if field is not None and db_field.name == name and not request.user.is_superuser:
            field.queryset = field.queryset.filter(**{f"{rest or 'pk'}__in": self._bodies(request)})
        return field

    def _is_own(self, request: HttpRequest, obj: models.Model) -> bool:
        if not self.body or request.user.is_superuser:
            return True
        rows = type(obj)._default_manager.filter(pk=obj.pk, **{f"{self.body}__in": self._bodies(request)})
        return rows.exists()

    @staticmethod
    def _bodies(request: HttpRequest) -> list[int]:
        user: Any = request.user
        bodies: list[int] = user.organisations_as("administrator")
        return bodies
