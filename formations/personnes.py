"""What the training holds about a person, and what is left of it once they are erased or merged.

Who came is a proof, kept by the rows, before the end of the session too; the card of an erased person says « Personne
effacée » there.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.effacement import NOM
from extranet.lib.cherchable import reindex
from formations.enums import OUVERTES
from formations.inscrire.besoins import plain
from formations.models import (
    Attestation,
    BesoinFormation,
    BesoinParticulier,
    Campagne,
    Creneau,
    Emargement,
    Evaluation,
    FeuilleSignee,
    FormationPage,
    Inscription,
    Interet,
    LienAgenda,
    LienVisa,
    LignePlan,
    Mouvement,
    RappelTitre,
    RegleVisa,
    ReponseCampagne,
    SessionFormation,
    Souhait,
)
from formations.personnes_pages import blank_pages
from formations.places.retraits import DEPART, desister
from formations.places.reunion import join_people
from formations.prevenir.sortes import SORTES
from formations.refus import SessionChangee
from notifications.models import Notification

if TYPE_CHECKING:
    from collectivites.models import Agent

# Free words in which somebody may be named.
TEXTES: dict[type[models.Model], tuple[str, ...]] = {
    BesoinFormation: ("intitule", "mot"),
    Campagne: ("titre", "mot"),
    Creneau: ("salle", "formateur"),
    Emargement: ("note",),
    Evaluation: ("plus", "mieux", "ensuite"),
    FeuilleSignee: ("nom",),
    Inscription: ("motif", "priorite_motif"),
    LignePlan: ("intitule", "reponse"),
    Mouvement: ("motif",),
    SessionFormation: ("motif", "lieu_nom", "lieu_adresse", "acces", "formateur"),
    Souhait: ("intitule", "detail", "reponse"),
}
# Who stands in a row, and is another card once the two are one.
LIENS: list[tuple[type[models.Model], str]] = [
    (Attestation, "delivree_par"),
    (BesoinFormation, "auteur"),
    (Campagne, "auteur"),
    (Creneau, "clos_par"),
    (Emargement, "saisi_par"),
    (FeuilleSignee, "deposee_par"),
    (FormationPage, "contact"),
    (Inscription, "demandee_par"),
    (Inscription, "visa_par"),
    (Interet, "agent"),
    (LienAgenda, "agent"),
    (RegleVisa, "suppleant"),
    (RegleVisa, "viseur"),
    (ReponseCampagne, "auteur"),
    (SessionFormation, "contact"),
    (Souhait, "auteur"),
]
RESTENT = {
    "formations.mouvement.auteur": "l’histoire d’une session ne change pas",
    "formations.lienvisa.agent": "un lien secret est celui d’un compte",
    "formations.demijourneeprise.agent": "suit l’inscription, par les déclencheurs",
}


def held_about(agent: "Agent") -> dict[str, Any]:
    """Ready for JSON. The fingerprint of a secret address is not given: it says nothing of the person."""
    mine, theirs = {"agent": agent}, {"inscription__agent": agent}
    of = ("session__numero", "session__formation__title")
    seat = ("statut", "created_at", "rang", "motif", "visa", "visa_le", "repas", "covoiturage", "minutes")
    return {
        "inscriptions": _rows(Inscription, mine, *of, "collectivite__nom", *seat),
        "inscriptions_demandees": _rows(Inscription, {"demandee_par": agent}, *of, "created_at"),
        "visas_donnes": _rows(Inscription, {"visa_par": agent}, *of, "visa", "visa_le"),
        "besoins_particuliers": _needs(agent),
        "presences": _rows(
            Emargement, theirs, "inscription__session__numero", "presence", "minutes", "note", "saisi_le"
        ),
        "attestations": _rows(Attestation, theirs, "numero", "minutes", "resultat", "delivree_le"),
        "histoire_des_inscriptions": _rows(Mouvement, theirs, "session__numero", "acte", "motif", "created_at"),
        "actes_sur_les_formations": _rows(
            Mouvement, {"auteur": agent}, "session__numero", "acte", "motif", "created_at"
        ),
        "titres_rappeles": _rows(
            RappelTitre, {"habilitation__agent": agent}, "habilitation__type__libelle", "palier", "created_at"
        ),
        "besoins_de_formation": _rows(BesoinFormation, {"agents": agent}, "campagne__titre", "intitule", "created_at"),
        "besoins_declares": _rows(BesoinFormation, {"auteur": agent}, "intitule", "effectif", "mot", "created_at"),
        "souhaits_de_formation": _rows(Souhait, {"auteur": agent}, "intitule", "detail", "statut", "created_at"),
        "souhaits_partages": _rows(Interet, mine, "souhait__intitule", "created_at"),
        "campagnes_repondues": _rows(ReponseCampagne, {"auteur": agent}, "campagne__titre", "rendue_le"),
        "formations_suivies": _rows(FormationPage, {"contact": agent}, "title"),
        "sessions_organisees": _rows(SessionFormation, {"contact": agent}, "numero", "date_debut"),
        "regles_de_visa": _rows(RegleVisa, Q(viseur=agent) | Q(suppleant=agent), "collectivite__nom", "politique"),
        "liens_de_visa": _rows(LienVisa, mine, "collectivite__nom", "created_at", "expire_le", "servi_le"),
        "agendas_de_formations": _rows(LienAgenda, mine, "collectivite__nom", "created_at", "revoque_le", "lu_le"),
        "feuilles_deposees": _rows(FeuilleSignee, {"deposee_par": agent}, "nom", "created_at"),
    }


def _rows(model: type[models.Model], whose: dict[str, Any] | Q, *fields: str) -> list[dict[str, Any]]:
    found = model.objects.filter(whose if isinstance(whose, Q) else Q(**whose))
    rows = found.order_by("pk").values_list(*fields)
    words = [_word(field) for field in fields]
    return [{word: _plain(value) for word, value in zip(words, row, strict=True)} for row in rows]


def _needs(agent: "Agent") -> list[dict[str, Any]]:
    """With their words: encrypted for everybody else, they are those of this person."""
    kept = BesoinParticulier.objects.filter(inscription__agent=agent).select_related("inscription__session")
    return [
        {
            "session": one.inscription.session.numero,
            "besoin": plain(one),
            "created_at": one.created_at.isoformat(),
            "lu_le": _plain(one.lu_le),
        }
        for one in kept.order_by("pk")
    ]


def _word(field: str) -> str:
    """« session__formation__title » is « formation » for who reads it."""
    parts = field.split("__")
    return parts[-2] if len(parts) > 1 else parts[0]


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def erase(agent: "Agent") -> None:
    """Private needs and secret addresses go, seats to come are given back, the name leaves the texts. Whoever was seen
    in a session that goes on keeps their seat there: its closing counts their hours.
    """
    BesoinParticulier.objects.filter(inscription__agent=agent).delete()
    LienAgenda.objects.filter(agent=agent).delete()
    LienVisa.objects.filter(agent=agent).delete()
    for one in Inscription.objects.filter(agent=agent, statut__in=OUVERTES).order_by("session", "pk"):
        with suppress(SessionChangee):
            desister(one, None, DEPART, meme_commencee=True)
    Emargement.objects.filter(inscription__agent=agent).update(note="")
    Interet.objects.filter(agent=agent).delete()
    BesoinFormation.agents.through.objects.filter(agent=agent).delete()
    RegleVisa.objects.filter(viseur=agent).update(viseur=None)
    RegleVisa.objects.filter(suppleant=agent).update(suppleant=None)
    SessionFormation.objects.filter(contact=agent).update(contact=None)
    FormationPage.objects.filter(contact=agent).update(contact=None)
    name = agent.nom_complet
    _blank_texts(name)
    blank_pages(name)


def _blank_texts(name: str) -> None:
    for model, fields in TEXTES.items():
        _blank(model.objects.all(), fields, name)
    # What was told to others of their session, and that the page of its mails shows again.
    _blank(Notification.objects.filter(sorte__in=[one.code for one in SORTES]), ("titre", "texte"), name)
    for line in Mouvement.objects.filter(donnees__objet__icontains=name):
        told = line.donnees | {"objet": line.donnees["objet"].replace(name, NOM)}
        Mouvement.objects.filter(pk=line.pk).update(donnees=told)


def _blank(rows: models.QuerySet, fields: tuple[str, ...], name: str) -> None:
    for field in fields:
        longest = rows.model._meta.get_field(field).max_length
        for row in rows.filter(**{f"{field}__contains": name}):
            said = getattr(row, field).replace(name, NOM)[:longest]
            rows.model.objects.filter(pk=row.pk).update(**{field: said})


def merge(garde: "Agent", retire: "Agent") -> None:
    """What `retire` asked, did or wished for is now of `garde`, once."""
    join_people(garde, retire)
    _merge_wishes(garde, retire)
    _merge_named(garde, retire)
    RegleVisa.objects.filter(Q(viseur=garde, suppleant=retire) | Q(viseur=retire, suppleant=garde)).update(
        suppleant=None
    )
    kept = LienAgenda.objects.filter(agent=garde, revoque_le=None)
    mine = LienAgenda.objects.filter(agent=retire, revoque_le=None)
    twice = Q(collectivite__in=list(kept.exclude(collectivite=None).values_list("collectivite", flat=True)))
    if kept.filter(collectivite=None).exists():
        twice |= Q(collectivite=None)
    mine.filter(twice).update(revoque_le=timezone.now())
    cared = list(FormationPage.objects.filter(contact=retire).values_list("pk", flat=True))
    for model, holder in LIENS:
        model.objects.filter(**{holder: retire}).update(**{holder: garde})
    reindex(FormationPage.to_index().filter(pk__in=cared))


def _merge_wishes(garde: "Agent", retire: "Agent") -> None:
    """« Moi aussi » said twice is said once, at the first of the two dates: it is a rank."""
    kept = {one.souhait_id: one for one in Interet.objects.filter(agent=garde)}
    for other in Interet.objects.filter(agent=retire, souhait__in=kept):
        twin = kept[other.souhait_id]
        if other.created_at < twin.created_at:
            Interet.objects.filter(pk=twin.pk).update(created_at=other.created_at)
        other.delete()


def _merge_named(garde: "Agent", retire: "Agent") -> None:
    """Named twice in a need is named once; its number stays as the commune gave it."""
    named = BesoinFormation.agents.through.objects
    known = list(named.filter(agent=garde).values_list("besoinformation", flat=True))
    named.filter(agent=retire, besoinformation__in=known).delete()
    named.filter(agent=retire).update(agent=garde)


def beside(garde: "Agent", retire: "Agent") -> list[models.QuerySet]:
    """What goes with an habilitation that both cards had, and that becomes one."""
    both = [garde.pk, retire.pk]
    return [
        Attestation.objects.filter(inscription__agent__in=both),
        RappelTitre.objects.filter(habilitation__agent__in=both),
    ]
