"""Closed lists of the training. What a territory edits (publics, kinds of habilitation, themes) is a table."""

from django.db.models import IntegerChoices, TextChoices


class TypeOrganisme(TextChoices):
    """Who trains. « Intra »: for the agents of one employer; « union »: for those of several, together."""

    CNFPT_INTRA = "cnfpt_intra", "CNFPT, intra"
    CNFPT_UNION = "cnfpt_union", "CNFPT, union"
    PRIVE = "prive", "organisme privé"
    INTERNE = "interne", "formateur de l’intercommunalité"
    AUTRE = "autre", "autre"


class Nature(TextChoices):
    INITIALE = "initiale", "initiale"
    RECYCLAGE = "recyclage", "recyclage"


class PayePar(TextChoices):
    EPCI = "epci", "pris en charge par l’intercommunalité"
    COTISATION = "cotisation", "compris dans la cotisation au CNFPT"
    COMMUNE = "commune", "payé par la commune"
    PARTAGE = "partage", "partagé entre les communes inscrites"


class Repas(TextChoices):
    AUCUN = "aucun", "pas de repas prévu"
    OFFERT = "offert", "repas offert sur place"
    PAYANT = "payant", "repas sur place, à payer"


class StatutSession(TextChoices):
    """Where a session stands. Full, threatened, without date are derived, never stored."""

    PROJET = "projet", "en préparation"
    OUVERTE = "ouverte", "ouverte"
    MAINTENUE = "maintenue", "maintenue"
    ANNULEE = "annulee", "annulée"
    CLOSE = "close", "terminée"


PROPOSEES = (StatutSession.OUVERTE, StatutSession.MAINTENUE)


class StatutInscription(TextChoices):
    """Where a person stands in a session."""

    TENUE = "tenue", "place tenue"
    OFFERTE = "offerte", "place proposée"
    CONFIRMEE = "confirmee", "confirmée"
    ATTENTE = "attente", "en liste d’attente"
    DESISTEE = "desistee", "désistement"
    REFUSEE = "refusee", "refusée par la mairie"
    EXPIREE = "expiree", "sans réponse à temps"
    REMPLACEE = "remplacee", "remplacée"
    ANNULEE = "annulee", "session annulée"
    PRESENTE = "presente", "présente"
    PARTIELLE = "partielle", "présente en partie"
    EXCUSEE = "excusee", "absente excusée"
    ABSENTE = "absente", "absente"


# Still awaited: a seat that may be given back.
ATTENDUES = (StatutInscription.TENUE, StatutInscription.OFFERTE, StatutInscription.CONFIRMEE)
CONCLUES = (
    StatutInscription.PRESENTE,
    StatutInscription.PARTIELLE,
    StatutInscription.EXCUSEE,
    StatutInscription.ABSENTE,
)
# What counts against the capacity, before and after the session: the triggers read the same list.
PLACEES = (*ATTENDUES, *CONCLUES)
ACTIVES = (*PLACEES, StatutInscription.ATTENTE)
OUVERTES = (*ATTENDUES, StatutInscription.ATTENTE)


class Visa(TextChoices):
    """The agreement of the mairie, apart from the seat."""

    NON_REQUIS = "non_requis", "visa non demandé"
    ATTENDU = "attendu", "visa attendu"
    ACCORDE = "accorde", "visa accordé"
    REFUSE = "refuse", "visa refusé"


class PolitiqueVisa(TextChoices):
    """For whom a mairie wants to give its agreement, and by whom."""

    GESTIONNAIRE = "gestionnaire", "quand un agent s’inscrit lui-même, un gestionnaire donne son accord"
    SIGNATAIRE = "signataire", "toujours, par la ou le maire ou sa délégation"
    SANS = "sans", "jamais"


class Origine(TextChoices):
    DEMANDE = "demande", "demandée"
    TITRE = "titre", "titre à renouveler"
    PLAN = "plan", "besoin recensé"
    REMPLACEMENT = "remplacement", "remplacement"


class Covoiturage(TextChoices):
    NON = "", "ne covoiture pas"
    PROPOSE = "propose", "propose des places"
    CHERCHE = "cherche", "cherche une place"


class Presence(TextChoices):
    PRESENT = "present", "présent"
    PARTIEL = "partiel", "présent en partie"
    EXCUSE = "excuse", "excusé"
    ABSENT = "absent", "absent"


class Priorite(IntegerChoices):
    """Of a need, as the commune sees it."""

    HAUTE = 1, "obligatoire ou urgent"
    MOYENNE = 2, "important"
    BASSE = 3, "utile"


class StatutCampagne(TextChoices):
    PREPARATION = "preparation", "en préparation"
    OUVERTE = "ouverte", "ouverte"
    CLOSE = "close", "close"


class StatutLigne(TextChoices):
    """Whether a session has been made of it is derived."""

    A_DECIDER = "a_decider", "à décider"
    RETENUE = "retenue", "retenue"
    ECARTEE = "ecartee", "écartée"


class StatutSouhait(TextChoices):
    OUVERT = "ouvert", "ouvert"
    RETENU = "retenu", "retenu"
    ECARTE = "ecarte", "écarté"


class Acte(TextChoices):
    """What a `Mouvement` tells."""

    INSCRITE = "inscrite", "inscription"
    RANGEE = "rangee", "mise en liste d’attente"
    PROMUE = "promue", "promotion de la liste d’attente"
    OFFERTE = "offerte", "place proposée"
    OFFRE_PRISE = "offre_prise", "place acceptée"
    VISEE = "visee", "visa accordé"
    REFUSEE = "refusee", "visa refusé"
    DESISTEE = "desistee", "désistement"
    REMPLACEE = "remplacee", "remplacement"
    EXPIREE = "expiree", "délai dépassé"
    PRIORITE = "priorite", "priorité donnée"
    PRECISEE = "precisee", "précisions changées"
    CONCLUE = "conclue", "présence arrêtée"
    ATTESTEE = "attestee", "attestation délivrée"
    SESSION_CREEE = "session_creee", "session créée"
    SESSION_MODIFIEE = "session_modifiee", "session modifiée"
    SESSION_OUVERTE = "session_ouverte", "session ouverte"
    SESSION_MAINTENUE = "session_maintenue", "session maintenue"
    SESSION_DATEE = "session_datee", "dates fixées"
    SESSION_REPORTEE = "session_reportee", "session reportée"
    SESSION_ANNULEE = "session_annulee", "session annulée"
    SESSION_CLOSE = "session_close", "session terminée"
    MESSAGE = "message", "message aux inscrits"
    RELANCEE = "relancee", "mairie relancée"
    QUOTAS_LEVES = "quotas_leves", "quotas levés"
    CONVOQUEE = "convoquee", "convocation envoyée"
    RAPPELEE = "rappelee", "rappel envoyé"
    BESOIN_LU = "besoin_lu", "besoin particulier lu"
    CRENEAU_CLOS = "creneau_clos", "demi-journée close"
