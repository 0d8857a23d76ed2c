"""Closed lists of the resources. What a territory edits (types, publics, themes) is a table, not a list."""

from django.db.models import TextChoices


class Licence(TextChoices):
    """Under which terms a file may be used again."""

    INTERNE = "interne", "usage entre collectivités membres"
    LICENCE_OUVERTE = "lo-2.0", "Licence Ouverte 2.0"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    TIERS = "tiers", "droits d’un tiers, voir le crédit"


# What anybody may publish again by giving the credit.
LIBRES = (Licence.LICENCE_OUVERTE, Licence.CC_BY, Licence.CC_BY_SA)


class Personnes(TextChoices):
    """Who may be recognised on a photo."""

    AUCUNE = "aucune", "personne de reconnaissable"
    ACCORD = "accord", "des adultes, qui sont d’accord"
    MINEURS = "mineurs", "des mineurs, leurs parents sont d’accord"
    PUBLIC = "public", "une foule, un événement public"


# Those who must agree, in words that are kept with the photo.
AVEC_ACCORD = (Personnes.ACCORD, Personnes.MINEURS)


class Source(TextChoices):
    """Who wrote it first."""

    COMMUNE = "commune", "une commune"
    EPCI = "epci", "l’intercommunalité"
    CDG = "cdg", "centre de gestion"
    AMF = "amf", "association de maires"
    ETAT = "etat", "préfecture, service de l’État"
    AUTRE = "autre", "autre organisme"


class StatutVersion(TextChoices):
    A_RELIRE = "a_relire", "à relire"
    PUBLIEE = "publiee", "publiée"
    RETIREE = "retiree", "retirée"


class Analyse(TextChoices):
    """What was read of a file."""

    EN_ATTENTE = "attente", "lecture en cours"
    LU = "lu", "texte lu"
    PARTIEL = "partiel", "texte lu en partie"
    RECONNU = "reconnu", "numérisé, texte reconnu"
    NUMERISE = "numerise", "numérisé, texte non cherchable"
    SANS_TEXTE = "vide", "sans texte"
    NON_LU = "non_lu", "texte non lu"


class Examen(TextChoices):
    """What the antivirus, if the territory has one, says of a file."""

    SANS = "sans", "non examiné"
    EN_ATTENTE = "attente", "en quarantaine, examen en cours"
    SAIN = "sain", "examiné, rien trouvé"
    INFECTE = "infecte", "en quarantaine, virus trouvé"


# A file that may be given to its readers.
SERVIS = (Examen.SANS, Examen.SAIN)


class EtatDepot(TextChoices):
    """Where a deposited file stands before it is a document."""

    LECTURE = "lecture", "lecture en cours"
    PRET = "pret", "prêt"
    REFUSE = "refuse", "refusé"


class Fiabilite(TextChoices):
    """How far a reader may trust a sheet, derived from its dates."""

    A_JOUR = "a_jour", "à jour"
    A_VERIFIER = "a_verifier", "à vérifier"
    PERIME = "perime", "périmé"
    REMPLACE = "remplace", "remplacé"


class EtapeRappel(TextChoices):
    """When the reminder of a review date leaves: some days before it, then on it."""

    AVANT = "avant", "avant la date"
    JOUR = "jour", "à la date"


class Confiance(TextChoices):
    """Whose deposits are published at once."""

    RESPONSABLES = "responsables", "les responsables des ressources seulement"
    GESTIONNAIRES = "gestionnaires", "aussi les gestionnaires des communes"
    TOUS = "tous", "tous les agents"


class GenreEchange(TextChoices):
    QUESTION = "question", "question"
    REMARQUE = "remarque", "retour d’expérience"
    SIGNALEMENT = "signalement", "erreur signalée"
    RELECTURE = "relecture", "remarque de relecture"


class StatutDemande(TextChoices):
    OUVERTE = "ouverte", "ouverte"
    POURVUE = "pourvue", "pourvue"
    CLOSE = "close", "close sans document"


class StatutQuestion(TextChoices):
    PUBLIEE = "publiee", "publiée"
    RETIREE = "retiree", "retirée"


class Partage(TextChoices):
    """Who may give a file to somebody without an account, of the sheets open to all communes."""

    PERSONNE = "personne", "personne"
    GARDIENS = "gardiens", "ceux qui s’occupent de la fiche"
    LECTEURS = "lecteurs", "tous ses lecteurs, quand sa licence le permet"
