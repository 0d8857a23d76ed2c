"""Closed lists of the lending. What a territory edits (categories) is a table, not a list."""

from django.db.models import TextChoices


class Mode(TextChoices):
    """How a thing is counted."""

    UNIQUE = "unique", "un seul"
    LOT = "lot", "un lot, compté"
    PARC = "parc", "un parc, numéroté"


class StatutMateriel(TextChoices):
    """Withdrawn: no new loan, those under way go on. Archived: gone, its history stays."""

    EN_SERVICE = "en_service", "proposé au prêt"
    RETIRE = "retire", "retiré du prêt"
    ARCHIVE = "archive", "archivé"


class Conducteur(TextChoices):
    """Whether the owner's driver comes with it."""

    SANS = "sans", "sans conducteur"
    POSSIBLE = "possible", "avec ou sans le conducteur du propriétaire"
    OBLIGATOIRE = "obligatoire", "avec le conducteur du propriétaire seulement"


class Transport(TextChoices):
    RETRAIT = "retrait", "à venir chercher"
    LIVRAISON = "livraison", "livraison possible"
    LIVRE = "livre", "toujours livré"


class TypePapier(TextChoices):
    VGP = "vgp", "vérification périodique"
    REGISTRE_CTS = "registre_cts", "registre de sécurité (CTS)"
    ASSURANCE = "assurance", "assurance"
    NOTICE = "notice", "notice"
    CARTE_GRISE = "carte_grise", "carte grise"
    CONTROLE_TECHNIQUE = "controle_technique", "contrôle technique"
    AUTRE = "autre", "autre papier"


class Nature(TextChoices):
    """Why a thing is taken: all of them weigh the same on the ledger."""

    PRET = "pret", "prêté"
    OPTION = "option", "retenu le temps d’une réponse"
    USAGE = "usage", "gardé par le propriétaire"
    ENTRETIEN = "entretien", "en entretien"
    HORS_SERVICE = "hors_service", "hors service"
    PAPIER = "papier", "papier échu"


class StatutPret(TextChoices):
    """Where a loan stands. Late, in dispute, convention signed are derived, never stored."""

    DEMANDE = "demande", "demandé"
    PROPOSE = "propose", "autre proposition"
    ATTENTE = "attente", "en liste d’attente"
    ACCEPTE = "accepte", "accordé"
    REMIS = "remis", "remis"
    RESTITUE = "restitue", "rendu"
    CLOS = "clos", "clos"
    REFUSE = "refuse", "refusé"
    ANNULE = "annule", "annulé"
    EXPIRE = "expire", "sans réponse à temps"
    NON_RETIRE = "non_retire", "non retiré"


# Awaits an answer of the owner or of the borrower; nothing is promised yet.
EN_ATTENTE = (StatutPret.DEMANDE, StatutPret.PROPOSE, StatutPret.ATTENTE)
# Promised or out: holds its share of the ledger.
TENUS = (StatutPret.ACCEPTE, StatutPret.REMIS)
RENDUS = (StatutPret.RESTITUE, StatutPret.CLOS)
EN_COURS = (*EN_ATTENTE, *TENUS, StatutPret.RESTITUE)
FINIS = (StatutPret.CLOS, StatutPret.REFUSE, StatutPret.ANNULE, StatutPret.EXPIRE, StatutPret.NON_RETIRE)


class Cote(TextChoices):
    """A party of a loan."""

    PRETEUR = "preteur", "prêteur"
    EMPRUNTEUR = "emprunteur", "emprunteur"


class StatutProposition(TextChoices):
    EN_ATTENTE = "attente", "attend une réponse"
    ACCEPTEE = "acceptee", "acceptée"
    DECLINEE = "declinee", "déclinée"
    CADUQUE = "caduque", "sans effet"


class BaseLegale(TextChoices):
    """What a convention stands on, from who owns the thing and who drives it."""

    EPCI_COMMUNE = "epci_commune", "intercommunalité vers commune (CGCT, L. 5211-4-3)"
    COMMUNE_COMMUNE = "commune_commune", "entre communes (CGCT, L. 5111-1)"
    AVEC_CONDUCTEUR = "avec_conducteur", "avec le conducteur du propriétaire (CGCT, L. 5211-4-1, L. 5111-1)"
    PRET_USAGE = "pret_usage", "prêt à usage gratuit (code civil, 1875 à 1891)"


class TypeConvention(TextChoices):
    PRET = "pret", "convention d’un prêt"
    CADRE = "cadre", "convention-cadre annuelle"


class ModeSignature(TextChoices):
    SITE = "site", "signée sur l’extranet"
    PAPIER = "papier", "signée sur papier"


class TypeConstat(TextChoices):
    REMISE = "remise", "remise"
    RESTITUTION = "restitution", "retour"


class EtatElement(TextChoices):
    BON = "bon", "bon état"
    USE = "use", "usé"
    ABIME = "abime", "abîmé"
    MANQUE = "manque", "manque"


class Carburant(TextChoices):
    PLEIN = "plein", "plein"
    TROIS_QUARTS = "trois_quarts", "trois quarts"
    MOITIE = "moitie", "moitié"
    MOINS = "moins", "moins"


class NatureIncident(TextChoices):
    DOMMAGE = "dommage", "dommage"
    PERTE = "perte", "perte"
    RETARD = "retard", "retard"


class StatutIncident(TextChoices):
    OUVERT = "ouvert", "à suivre"
    CLOS = "clos", "réglé"


class StatutBesoin(TextChoices):
    OUVERT = "ouvert", "cherche encore"
    POURVU = "pourvu", "pourvu"
    CLOS = "clos", "clos sans prêt"
