"""What is taken away and given names people too: their lots, their secret addresses, the links that they made."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from collectivites.effacement import NOM
from extranet.lib.apports import Traitement
from ressources.models import LienFlux, LienPartage, Lot

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

TRAITEMENTS = [
    Traitement(
        code="partages",
        intitule="Documents emportés et partagés",
        finalite=(
            "Préparer une archive de documents, s’abonner à ce qui paraît, signaler un document à un collègue, donner "
            "un fichier à quelqu’un qui n’a pas de compte et pouvoir l’arrêter."
        ),
        base_legale="Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)",
        personnes="Personnes qui emportent ou partagent des documents, et à qui elles disent les donner",
        donnees=(
            "Archives demandées\u00a0; adresses secrètes d’abonnement et liens partagés, dont l’empreinte seule est "
            "gardée, et leurs dates\u00a0; à qui le lien est donné, si son auteur le note\u00a0; nombre de "
            "téléchargements d’un lien et date du dernier. Rien de qui l’a ouvert."
        ),
        source="Les personnes elles-mêmes",
        destinataires=(
            "La personne elle-même. Un lien partagé\u00a0: aussi ceux qui s’occupent du document, et, pour le nom de "
            "son auteur et sa collectivité, qui l’ouvre."
        ),
        conservation=(
            "Une archive, vingt-quatre heures. Une adresse ou un lien, un an après sa fin. À l’effacement d’une "
            "personne, ses archives et ses adresses sont effacées, ses liens fermés, ce qu’elle y notait retiré."
        ),
    )
]


def held_about(agent: "Agent") -> dict[str, Any]:
    return {
        "lots_de_documents": _rows(Lot.objects.filter(agent=agent), "titre", "created_at", "pris_le"),
        "flux_de_ressources": _rows(
            LienFlux.objects.filter(agent=agent), "theme__nom", "created_at", "revoque_le", "lu_le"
        ),
        "liens_partages": _rows(
            LienPartage.objects.filter(auteur=agent),
            *("version__fichier__page__title", "collectivite__nom", "destinataire"),
            *("created_at", "expire_le", "revoque_le", "nombre", "dernier_le"),
        ),
        "liens_revoques": _rows(
            LienPartage.objects.filter(revoque_par=agent), "version__fichier__page__title", "revoque_le"
        ),
    }


def _rows(found: Any, *fields: str) -> list[dict[str, Any]]:
    words = {"theme__nom": "theme", "version__fichier__page__title": "document", "collectivite__nom": "collectivite"}
    return [
        {
            words.get(name, name): value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
        for row in found.order_by("created_at").values(*fields)
    ]


def erase(agent: "Agent") -> None:
    """Their lots and addresses go; their links are closed, and say no more to whom they were given."""
    Lot.objects.filter(agent=agent).delete()
    LienFlux.objects.filter(agent=agent).delete()
    mine = LienPartage.objects.filter(auteur=agent)
    mine.filter(revoque_le=None).update(revoque_le=timezone.now())
    mine.update(destinataire="")
    for lien in LienPartage.objects.filter(destinataire__contains=agent.nom_complet):
        said = lien.destinataire.replace(agent.nom_complet, NOM)
        LienPartage.objects.filter(pk=lien.pk).update(destinataire=said)


def close_twins(garde: "Agent", retire: "Agent") -> None:
    """Before the merge: of the addresses that both had, those of `retire` are closed. A person has one of each."""
    kept = LienFlux.objects.filter(agent=garde, revoque_le=None)
    themes = list(kept.exclude(theme=None).values_list("theme", flat=True))
    twins = Q(theme__in=themes) | (Q(theme=None) if kept.filter(theme=None).exists() else Q(pk__in=[]))
    LienFlux.objects.filter(twins, agent=retire, revoque_le=None).update(revoque_le=timezone.now())


def take_over(garde: "Collectivite", retiree: "Collectivite") -> None:
    """A link answers while its author is in office where they made it: it follows their poste."""
    LienPartage.objects.filter(collectivite=retiree).update(collectivite=garde)
