"""Two collectivités become one: a commune nouvelle (CGCT L2113-1), a syndicat that another takes in.

What lives goes to the one that stays, which succeeds to the other in all its acts (CGCT L2113-5). What is past keeps
the name under which it was done. Signatures lapse: the mayor of before does not sign for the commune nouvelle.
"""

from collections import Counter
from contextlib import suppress

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from collectivites.diffusion import DiffusionField, code_collectivite
from collectivites.enums import Domaine, Signature
from collectivites.fusion import FusionRefusee, join_postes
from collectivites.journal import record
from collectivites.models import Agent, Collectivite, Poste, Presence
from collectivites.reprises import Bilan, Releve, follow, naming, undo
from extranet.lib.apports import collect, contributions

# What keeps the name of before: past acts. `restent_du_lieu` of each app adds its own.
RESTENT = {"collectivites.entreejournal.collectivite": "le journal ne change pas"}


class _Essai(Exception):
    """Ends a trial: nothing of it is written."""


def why_not_merge_places(par: Agent, garde: Collectivite, retiree: Collectivite) -> str:
    """Why `par` may not join these two, in words; empty when they may."""
    if not par.answers_for(Domaine.ANNUAIRE):
        return "Seuls les responsables de l’annuaire réunissent deux collectivités."
    if garde == retiree:
        return "Choisissez deux collectivités différentes."
    if garde.date_sortie or retiree.date_sortie:
        return "L’une de ces collectivités a déjà quitté le territoire."
    if garde.is_epci or retiree.is_epci:
        return "L’intercommunalité de cet extranet ne se réunit à personne."
    if garde.type != retiree.type:
        return "Réunissez deux communes, ou deux organismes de la même sorte."
    return _why_not_theirs(par, garde, retiree)


def _why_not_theirs(par: Agent, garde: Collectivite, retiree: Collectivite) -> str:
    """Who works in one of the two would gain what the other holds."""
    if par.answers_for(Domaine.ADMINISTRATION):
        return ""
    theirs = any(poste.collectivite_id in (garde.pk, retiree.pk) for poste in par.postes_en_cours)
    return "Vous avez un poste dans l’une des deux : demandez à un administrateur." if theirs else ""


@transaction.atomic
def merge_places(garde: Collectivite, retiree: Collectivite, par: Agent) -> list[dict]:
    """`garde` takes over from `retiree`, which leaves the territory; returns what undoing needs.

    Raises FusionRefusee.
    """
    locked = Collectivite.objects.select_for_update().order_by("pk").in_bulk([garde.pk, retiree.pk])
    garde, retiree = locked[garde.pk], locked[retiree.pk]
    if reason := why_not_merge_places(par, garde, retiree):
        raise FusionRefusee(reason)
    releve = Releve(lambda: watched_places(garde, retiree))
    for move in contributions("reprendre"):
        move(garde, retiree)
    _take_codes(garde, retiree)
    retiree.date_sortie = timezone.localdate()
    retiree.save(update_fields=["date_sortie"])
    changes = releve.differences()
    follow(changes)
    record("collectivite.reunie", garde, agent=par, collectivite=garde, autre=retiree.pk)
    return changes


@transaction.atomic
def unmerge_places(garde: Collectivite, retiree: Collectivite, par: Agent, changes: list[dict]) -> Bilan:
    """Puts back what has not changed since. Raises FusionRefusee."""
    if reason := _why_not_theirs(par, garde, retiree):
        raise FusionRefusee(reason)
    bilan = undo(changes)
    record("collectivite.separee", garde, agent=par, collectivite=garde, autre=retiree.pk)
    return bilan


def try_merge(garde: Collectivite, retiree: Collectivite, par: Agent) -> tuple[list, list]:
    """What would move and what would stay, counted by kind: « postes », 4. Nothing is written. Raises FusionRefusee."""
    with suppress(_Essai), transaction.atomic():
        changes = merge_places(garde, retiree, par)
        moved = Counter(_kind(change["modele"]) for change in changes if change["modele"] not in UNSAID)
        left = Counter()
        for rows in naming(Collectivite, [retiree.pk]):
            left[_kind(rows.model._meta.label_lower)] += rows.count()
        raise _Essai
    return sorted(moved.items()), sorted((kind, count) for kind, count in left.items() if count)


UNSAID = {"collectivites.collectivite", "collectivites.presence", "collectivites.poste_roles", "wagtailcore.revision"}


def _kind(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural)


def watched_places(garde: Collectivite, retiree: Collectivite) -> list[models.QuerySet]:
    """All the rows that it may touch."""
    both = [garde.pk, retiree.pk]
    return [
        Collectivite.objects.filter(pk__in=both),
        *naming(Collectivite, both, but=left_in_place()),
        Presence.objects.filter(poste__collectivite__in=both),
        Poste.roles.through.objects.filter(poste__collectivite__in=both),
        *(rows for _, rows in _coded(retiree)),
        Revision.objects.filter(pk__in=_revisions(retiree)),
        *collect("temoins_reprise", garde, retiree),
    ]


def left_in_place() -> dict[str, str]:
    """The foreign keys to a collectivité that keep the name of before, with the reason."""
    found = dict(RESTENT)
    for declared in contributions("restent_du_lieu"):
        found |= declared()
    return found


def _coded(place: Collectivite) -> list[tuple[str, models.QuerySet]]:
    """The rows shown to that place by name, in every app: the name of the field, and the rows."""
    code = {code_collectivite(place.pk)}
    return [
        (field.name, model._base_manager.filter(**{f"{field.name}__croise": code}))
        for model in apps.get_models()
        if model._meta.app_label != "search"
        for field in model._meta.local_concrete_fields
        if isinstance(field, DiffusionField)
    ]


def _take_codes(garde: Collectivite, retiree: Collectivite) -> None:
    """Who read what was shown to the one still reads it; the drafts say the same."""
    for revision in Revision.objects.filter(pk__in=_revisions(retiree)):
        revision.content["diffusion"] = _renamed(revision.content["diffusion"], garde, retiree)
        revision.save(update_fields=["content"])
    for name, rows in _coded(retiree):
        for row in rows.only("pk", name):
            codes = _renamed(getattr(row, name), garde, retiree)
            type(row)._base_manager.filter(pk=row.pk).update(**{name: codes})


def _renamed(codes: list[str], garde: Collectivite, retiree: Collectivite) -> list[str]:
    old, new = code_collectivite(retiree.pk), code_collectivite(garde.pk)
    return list(dict.fromkeys(new if code == old else code for code in codes))


def _revisions(place: Collectivite) -> list[int]:
    """The last drafts of the pages shown to that place: publishing one must not close the page to its readers."""
    code = code_collectivite(place.pk)
    latest = Page.objects.exclude(latest_revision=None).values("latest_revision")
    found = Revision.objects.filter(pk__in=latest, content__icontains=f'"{code}"')
    return [revision.pk for revision in found if code in (revision.content.get("diffusion") or [])]


def take_over(garde: Collectivite, retiree: Collectivite) -> None:
    """The rows of the ground floor: postes in force or to come, opening hours, what hangs on the one that leaves."""
    kept = {(p.agent_id, p.fonction_id): p for p in garde.postes.filter(date_fin=None)}
    for poste in retiree.postes.not_ended():
        poste.signataire, poste.delegation_date, poste.delegation_reference = Signature.NON, None, ""
        twin = kept.get((poste.agent_id, poste.fonction_id)) if poste.date_fin is None else None
        if twin:
            join_postes(twin, poste)
        else:
            poste.collectivite = garde
            poste.save()
    if not garde.plages.exists():
        retiree.plages.update(collectivite=garde)
    Collectivite.objects.filter(rattachement=retiree).exclude(pk=garde.pk).update(rattachement=garde)
