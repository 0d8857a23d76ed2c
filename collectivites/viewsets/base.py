"""What the lists of the admin have in common: our routes, our search, our export, our journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import models, router, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from collectivites import journal
from collectivites.viewsets.recherche import search_folded
from extranet.lib.tableur import xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def value_at(objet: Any, path: str) -> Any:
    """The value at a dotted path, in words for a choice; empty when a step is missing."""
    for step in path.split("."):
        if objet is None:
            return ""
        value = getattr(objet, f"get_{step}_display", None) or getattr(objet, step)
        objet = value() if callable(value) else value
    return objet


class ListeView(generic.IndexView):
    """A list: searched without accents nor capitals, exported as a workbook only, read in one query by relation."""

    FORMATS = (generic.IndexView.FORMAT_XLSX,)
    show_export_buttons = False
    list_select: tuple[str, ...] = ()
    list_prefetch: tuple[str, ...] = ()
    # Title of the column and dotted path of the value.
    export: dict[str, str] = {}
    any_permission_required = ["add", "change", "delete", "view"]

    def get_base_queryset(self) -> models.QuerySet:
        queryset = super().get_base_queryset()
        return queryset.select_related(*self.list_select).prefetch_related(*self.list_prefetch)

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return search_folded(queryset, self.search_fields, self.search_query) if self.is_searching else queryset

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons = list(super().header_more_buttons)
        if self.export:
            buttons.append(Button("Télécharger en XLSX", url=self.xlsx_export_url, icon_name="download", priority=90))
        return buttons

    def as_spreadsheet(self, queryset: Iterable[models.Model], spreadsheet_format: str) -> HttpResponse:
        """The rows as searched and filtered; a text that begins like a formula is neutralised.

        The journal keeps who took how many rows away, the one write of a GET: an export leaves no other trace.
        """
        if not self.export:
            raise Http404
        rows = [[value_at(row, path) for path in self.export.values()] for row in queryset]
        content = xlsx(str(self.get_page_title()), list(self.export), rows)
        note(self.request, "exporte", self.model(), libelle=str(self.get_page_title()), lignes=len(rows))
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{self.export_filename}.xlsx"'
        return response


class AjoutView(generic.CreateView):
    """Adds, and writes it in the journal in the same transaction."""

    success_message = "« %(object)s » est enregistré."
    error_message = "Rien n’est enregistré : corrigez les champs signalés."

    def save_instance(self) -> models.Model:
        objet = super().save_instance()
        note(self.request, "cree", objet)
        return objet


class ModificationView(generic.EditView):
    """Changes, and writes in the journal which fields changed; their values may be personal and stay out of it."""

    success_message = "« %(object)s » est enregistré."
    error_message = "Rien n’est enregistré : corrigez les champs signalés."

    def save_instance(self) -> models.Model:
        objet = super().save_instance()
        if self.form.changed_data:
            note(self.request, "modifie", objet, champs=sorted(self.form.changed_data))
        return objet


class SuppressionView(generic.DeleteView):
    """Deletes what was never used. What has a history is ended or left, its list says how."""

    success_message = "« %(object)s » est supprimé."

    def reason_to_keep(self) -> str:
        """Why it cannot be deleted, in words; empty when it can."""
        return why_used(self.object)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.user_has_permission("delete") and (reason := self.reason_to_keep()):
            messages.error(request, reason)
            return redirect(reverse(self.edit_url_name, args=[self.object.pk]))
        return super().dispatch(request, *args, **kwargs)

    def delete_action(self) -> None:
        with transaction.atomic():
            note(self.request, "supprime", self.object)
            super().delete_action()


class FicheView(generic.InspectView):
    """Everything about one thing, in words: « oui », « – »."""

    page_title = "Fiche"

    def get_field_display_value(self, field_name: str, field: models.Field | None) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, datetime):
            return date_format(localtime(value), "j F Y à H:i")
        return "–" if value in (None, "") else value


def why_used(objet: models.Model) -> str:
    """Why this thing cannot be deleted, in words; empty when nothing points to it."""
    try:
        Collector(using=router.db_for_write(type(objet))).collect([objet])
    except (ProtectedError, RestrictedError) as error:
        users = getattr(error, "protected_objects", None) or error.restricted_objects
        names = sorted({str(user._meta.verbose_name_plural) for user in users})
        return f"« {objet} » sert encore ({', '.join(names)}) : il ne peut pas être supprimé."
    return ""


def note(request: HttpRequest, verb: str, objet: models.Model, *, noun: str = "", **donnees: object) -> None:
    """One line of the journal, « poste.cree », for the collectivité that the agent acts for."""
    acte = f"{noun or objet._meta.model_name}.{verb}"
    collectivite = request.poste.collectivite if request.poste else None
    journal.record(acte, objet, agent=request.user, collectivite=collectivite, **donnees)


class ListeViewSet(ModelViewSet):
    """A list of the admin. `routes` are the addresses it has; the others do not exist, even for a superuser."""

    index_view_class = ListeView
    add_view_class = AjoutView
    edit_view_class = ModificationView
    delete_view_class = SuppressionView
    inspect_view_class = FicheView

    routes = frozenset({"index", "add", "edit", "delete", "history", "inspect"})
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 30
    list_select: tuple[str, ...] = ()
    list_prefetch: tuple[str, ...] = ()
    export: dict[str, str] = {}

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            list_select=self.list_select, list_prefetch=self.list_prefetch, export=self.export, **kwargs
        )

    @property
    def url_namespace(self) -> str:
        """« admin_postes »: the plain noun is the site’s own."""
        return f"admin_{self.name.replace('-', '_')}"

    @property
    def export_filename(self) -> str:
        return self.name

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common = super().get_common_view_kwargs(**kwargs)
        common["usage_url_name"] = None
        for route in ("add", "edit", "delete", "history", "inspect"):
            if route not in self.routes:
                common[f"{route}_url_name"] = None
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        kept = self.routes | {f"{route}_results" for route in self.routes}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]
