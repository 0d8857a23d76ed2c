"""Changing a card, and telling its person what somebody else changed."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from annuaire.annonces import tell_changed
from annuaire.fiche import semaine
from collectivites.journal import record
from collectivites.models import Agent, Expertise, Poste
from extranet.lib.demi_journees import Case, Jour, Moment, week_summary
from extranet.lib.francais import NBSP

if TYPE_CHECKING:
    from annuaire.forms.fiche import FicheForm

MOTS = {
    "intitule": "intitulé",
    "telephone": "téléphone",
    "mobile": "mobile",
    "courriel": "courriel",
    "montre_mobile": "mobile montré",
    "montre_expertises": "sujets montrés",
}


@transaction.atomic
def change(form: "FicheForm", by: Agent) -> list[str]:
    """Writes a valid form; returns what changed, in words, told to the person when somebody else did it."""
    personne = form.personne
    Agent.objects.select_for_update().get(pk=personne.pk)
    changes = _choices(form)
    for poste in form.postes:
        changes += _poste(form, poste)
    changes += _subjects(form)
    if personne.pk == by.pk:
        # Whoever has just written their own card has read it.
        personne.confirmee_le = timezone.now()
        personne.save(update_fields=["confirmee_le"])
    if changes:
        record("fiche.modifiee", personne, agent=by, champs=[one.split(NBSP)[0] for one in changes])
        tell_changed(personne, by, changes)
    return changes


def _choices(form: "FicheForm") -> list[str]:
    personne = form.personne
    names = [one.name for one in form.champs_choix() if form.cleaned_data[one.name] != getattr(personne, one.name)]
    for name in names:
        setattr(personne, name, form.cleaned_data[name])
    if names:
        personne.save(update_fields=names)
    return [_said(MOTS[name], "oui" if getattr(personne, name) else "non") for name in names]


def _poste(form: "FicheForm", poste: Poste) -> list[str]:
    place = f" {poste.collectivite.a_nom}"
    told = []
    for name, value in form.du_poste(poste).items():
        former = getattr(poste, name)
        if former != value:
            setattr(poste, name, value)
            told.append((name, _said(f"{MOTS[name]}{place}", value or "retiré", former)))
    if told:
        poste.save(update_fields=[name for name, _ in told])
    words = [one for _, one in told]
    wanted = form.semaines[poste.pk]
    if semaine.write(poste, form.cells_of(poste), wanted):
        days = week_summary({Case(Jour(slot.jour), Moment(slot.moment)) for slot in wanted})
        words.append(_said(f"présence{place}", days or "jours retirés"))
    return words


def _subjects(form: "FicheForm") -> list[str]:
    """Those that go or change give their words up first, for ones nobody can type: another row may take them."""
    personne, words, rows = form.personne, [], form.sujets()
    given_up = [known.pk for known, libelle, _ in rows if known is not None and known.libelle != libelle]
    for pk in given_up:
        Expertise.objects.filter(pk=pk).update(libelle=f" {pk}")
    for known, libelle, theme in rows:
        if known is None and libelle:
            Expertise.objects.create(agent=personne, libelle=libelle, theme_id=theme)
            words.append(_said("sujet ajouté", libelle))
        elif known is not None and not libelle:
            words.append(_said("sujet retiré", known.libelle))
            known.delete()
        elif known is not None and (known.libelle, known.theme_id) != (libelle, theme):
            former, known.libelle, known.theme_id = known.libelle, libelle, theme
            known.save(update_fields=["libelle", "theme"])
            words.append(_said("sujet", libelle, former if former != libelle else ""))
    return words


def _said(what: str, now: str, before: str = "") -> str:
    """« Téléphone à Aval : 03 53 01 00 40, au lieu de 03 53 01 00 41 »."""
    instead = f", au lieu de {before}" if before else ""
    return f"{what[0].upper()}{what[1:]}{NBSP}: {now}{instead}"
