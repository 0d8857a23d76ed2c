"""What the home page says of the loans: what awaits the agent, those under way, the figures of the year."""

from datetime import date, time
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from extranet.lib.apports import AFaire, Chiffre, Encart, Lien
from extranet.lib.francais import en_lettres, heure
from extranet.lib.typographie import space
from materiel.enums import EN_COURS, Cote, StatutPret
from materiel.models import Convention, Incident, Pret, Proposition, ReglagesMateriel
from materiel.mots import chose, chose_du, entre_guillemets
from materiel.suivi.etapes import badge, step_number, with_convention

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

AREA, RACINE = "materiel", "/materiel/"
MONTRES = 3


def todo(agent: "Agent") -> list[AFaire]:
    """Three queries at most, whatever awaits: answers and incidents for gestionnaires, papers for who signs them or
    says whether a copy is theirs, the day's passages.
    """
    postes = agent.postes_en_cours
    places = {poste.collectivite_id for poste in postes if poste.gestionnaire}
    workshops = {poste.collectivite_id for poste in postes if poste.constats}
    signed_by = {poste.collectivite_id for poste in postes if poste.is_signataire}
    prets = _awaiting(places, workshops)
    found = [*_requests(prets), *_proposals(places), *_late(prets, places)]
    return [*found, *_papers(signed_by, places | signed_by), *_incidents(prets), *_today(prets, workshops)]


def _awaiting(places: set[int], workshops: set[int]) -> list[Pret]:
    """Requests, late loans and incidents of these collectivités, passages of the day at these workshops, in one query.

    `incident` is the first that is open, for who looks after it.
    """
    if not places and not workshops:
        return []
    today, late = timezone.localdate(), Pret.objects.late().of(places).values("pk")
    asked = Q(statut=StatutPret.DEMANDE, preteur__in=places)
    passages = Q(statut=StatutPret.ACCEPTE, date_debut=today) | Q(statut=StatutPret.REMIS, date_fin=today)
    opened = Incident.objects.open().filter(pret__preteur__in=places)
    wanted = asked | Q(pk__in=late) | Q(pk__in=opened.order_by().values("pret")) | passages & Q(preteur__in=workshops)
    first = opened.filter(pret=OuterRef("pk")).order_by("created_at", "pk")
    found = Pret.objects.filter(wanted).annotate(incident=Subquery(first.values("pk")[:1]))
    return list(found.for_list().order_by("created_at", "pk"))


def _papers(signing: set[int], answering: set[int]) -> list[AFaire]:
    """Conventions that await this signature, or whose copy this lender has to recognise, the nearest loan first."""
    if not answering:
        return []
    found = Convention.objects.awaiting(signing) | Convention.objects.with_copy(answering)
    found = found.select_related("preteur", "emprunteur", "pret__materiel__page")
    return [_paper(one) for one in found.order_by("valable_du", "pk")[:MONTRES]]


def _paper(one: Convention) -> AFaire:
    what = f"de {entre_guillemets(one.pret.materiel.nom)}" if one.pret else "de l’année"
    copied = one.copie_attend
    return AFaire(
        titre=f"Reconnaître la copie de la convention {what}" if copied else f"Signer la convention {what}",
        url=f"{one.get_absolute_url()}{'#copie' if copied else ''}",
        action="Voir la copie" if copied else "Lire et signer",
        icone="file-earmark-check" if copied else "pen-fill",
        area=AREA,
        detail=f"{one.emprunteur.nom} l’a déposée." if copied else f"{one.preteur.nom} prête à {one.emprunteur.nom}.",
        avant=one.pret.date_debut if one.pret else None,
    )


def _incidents(prets: list[Pret]) -> list[AFaire]:
    """Lost or damaged, not settled yet: for the gestionnaires of the owner."""
    return [
        AFaire(
            titre=f"Régler l’incident sur {entre_guillemets(chose_du(pret))}",
            url=reverse("materiel:incident_detail", args=[pret.incident]),
            action="Suivre l’incident",
            icone="tools",
            area=AREA,
            detail=f"Prêté {pret.emprunteur.a_nom}.",
        )
        for pret in [one for one in prets if one.incident][:MONTRES]
    ]


def _today(prets: list[Pret], workshops: set[int]) -> list[AFaire]:
    """What leaves or comes back today at the workshops of these owners."""
    today = timezone.localdate()
    theirs = [one for one in prets if one.preteur_id in workshops]
    leaving = [one for one in theirs if one.statut == StatutPret.ACCEPTE and one.date_debut == today]
    coming = [one for one in theirs if one.statut == StatutPret.REMIS and one.date_fin == today]
    return [
        AFaire(
            titre=f"{'Remettre' if leaves else 'Recevoir'} {entre_guillemets(chose_du(pret))}",
            url=reverse("materiel:remise" if leaves else "materiel:retour", args=[pret.numero]),
            action="Remettre" if leaves else "Recevoir",
            icone="clipboard-check",
            area=AREA,
            detail=f"{pret.emprunteur.nom}{_at(pret.heure_remise if leaves else pret.heure_retour)}.",
            avant=today,
        )
        for pret in (leaving + coming)[:MONTRES]
        for leaves in [pret in leaving]
    ]


def _at(moment: time | None) -> str:
    return f", {heure(moment)}" if moment else ""


def _requests(prets: list[Pret]) -> list[AFaire]:
    asked = [one for one in prets if one.statut == StatutPret.DEMANDE]
    asked.sort(key=lambda one: one.repondre_avant or date.max)
    if not asked:
        return []
    first, number = asked[0], len(asked)
    if number == 1:
        return [
            AFaire(
                titre=f"Répondre à {first.emprunteur.nom}",
                url=first.get_absolute_url(),
                action="Répondre",
                icone="reply-fill",
                area=AREA,
                detail=space(f"Demande {entre_guillemets(chose_du(first))}, {first.periode}."),
                avant=first.repondre_avant,
            )
        ]
    names = list(dict.fromkeys(one.emprunteur.nom for one in asked))
    return [
        AFaire(
            titre=f"Répondre à {en_lettres(number, 'f')} demandes de prêt",
            url=reverse("materiel:demande_list"),
            action="Répondre",
            icone="reply-fill",
            area=AREA,
            detail=f"{', '.join(names[:3])}{' et d’autres' if len(names) > 3 else ''}.",
            avant=first.repondre_avant,
        )
    ]


def _proposals(places: set[int]) -> list[AFaire]:
    if not places:
        return []
    theirs = Q(cote=Cote.PRETEUR, pret__emprunteur__in=places) | Q(cote=Cote.EMPRUNTEUR, pret__preteur__in=places)
    found = Proposition.objects.filter(theirs, statut="attente").select_related(
        "pret__preteur", "pret__emprunteur", "materiel__page"
    )
    return [
        AFaire(
            titre=f"Répondre à {(one.pret.preteur if one.cote == Cote.PRETEUR else one.pret.emprunteur).nom}",
            url=f"{one.pret.get_absolute_url()}#proposition",
            action="Répondre",
            icone="calendar-range",
            area=AREA,
            detail=space(f"Propose {entre_guillemets(chose(one.materiel, one.quantite))}, {one.periode}."),
            avant=one.repondre_avant,
        )
        for one in found.order_by("repondre_avant", "pk")[:MONTRES]
    ]


def _late(prets: list[Pret], places: set[int]) -> list[AFaire]:
    late = [one for one in prets if one.is_late() and {one.preteur_id, one.emprunteur_id} & places]
    items = []
    for pret in sorted(late, key=lambda one: one.date_fin)[:MONTRES]:
        theirs = pret.emprunteur_id in places
        items.append(
            AFaire(
                titre=f"{'Rendre' if theirs else 'Réclamer'} {entre_guillemets(chose_du(pret))}",
                url=pret.get_absolute_url(),
                action="Voir le prêt",
                icone="exclamation-triangle",
                area=AREA,
                detail=f"{pret.preteur.nom} l’attend." if theirs else f"{pret.emprunteur.nom} ne l’a pas rendu.",
                avant=pret.date_fin,
                urgent=True,
            )
        )
    return items


def running(agent: "Agent", collectivite: "Collectivite | None") -> list[Encart]:
    """« Prêts en cours »: the next ones of the collectivité acted for. None, no block."""
    if collectivite is None or not agent.codes_lecture:
        return []
    open_ones = with_convention(Pret.objects.visible_to(agent).of([collectivite.pk]).filter(statut__in=EN_COURS))
    found = list(open_ones.for_list().select_related("demandeur", "reponse_par").order_by("date_debut", "pk")[:MONTRES])
    if not found:
        return []
    asked, cards = ReglagesMateriel.load().convention_exigee, []
    for pret in found:
        cote = Cote.PRETEUR if pret.preteur_id == collectivite.pk else Cote.EMPRUNTEUR
        cards.append((pret, chose_du(pret), cote, badge(pret, cote, exigee=asked), step_number(pret, exigee=asked)))
    return [
        Encart(
            "Prêts en cours",
            "materiel/_prets_en_cours.html",
            {"cartes": cards},
            ordre=30,
            area=AREA,
            tout_voir=Lien("Tous nos prêts", reverse("materiel:pret_list"), area=AREA),
        )
    ]


def figures(collectivite: "Collectivite", annee: int) -> list[Chiffre]:
    """Loans granted and received in the year, for what everybody may know of mutual help. One query."""
    given = Pret.objects.filter(accepte_le__year=annee).exclude(statut__in=[StatutPret.ANNULE, StatutPret.NON_RETIRE])
    sides = list(given.filter(Q(preteur=collectivite) | Q(emprunteur=collectivite)).values_list("preteur", flat=True))
    if not sides:
        return []
    lent = sides.count(collectivite.pk)
    received = len(sides) - lent
    many = "s" if lent > 1 else ""
    return [Chiffre(str(lent), f"prêt{many} accordé{many}", f"{received} reçu{'s' if received > 1 else ''}", area=AREA)]
