"""Closed lists of the ground floor. What a territory edits (fonctions, themes, roles) is a table, not a list."""

from django.db.models import TextChoices


class TypeCollectivite(TextChoices):
    COMMUNE = "commune", "commune"
    EPCI = "epci", "intercommunalité"
    SYNDICAT = "syndicat", "syndicat"
    CCAS = "ccas", "CCAS ou CIAS"
    ASSOCIATION_FONCIERE = "association_fonciere", "association foncière"
    AUTRE = "autre", "autre organisme"


class Article(TextChoices):
    """Article placed before the name in a sentence, when it is not part of the name (« le Grand Dole »)."""

    AUCUN = "", "aucun (Foucherans, Le Deschaux)"
    LE = "le", "le (du Grand Dole)"
    LA = "la", "la (de la communauté)"
    ELIDE = "l", "l’ (de l’association)"
    LES = "les", "les (des Vallons)"


class Strate(TextChoices):
    """Bands of population totale, as the documents of the extranet name them."""

    MOINS_DE_100 = "0-99", "moins de 100 habitants"
    DE_100_A_499 = "100-499", "100 à 499 habitants"
    DE_500_A_999 = "500-999", "500 à 999 habitants"
    DE_1000_A_1999 = "1000-1999", "1 000 à 1 999 habitants"
    DE_2000_A_3499 = "2000-3499", "2 000 à 3 499 habitants"
    DE_3500 = "3500", "3 500 habitants et plus"


STRATE_CEILINGS = (
    (99, Strate.MOINS_DE_100),
    (499, Strate.DE_100_A_499),
    (999, Strate.DE_500_A_999),
    (1999, Strate.DE_1000_A_1999),
    (3499, Strate.DE_2000_A_3499),
)


class FamilleFonction(TextChoices):
    ELUS = "elus", "élus"
    ADMINISTRATIF = "administratif", "administratif"
    TECHNIQUE = "technique", "technique"
    SCOLAIRE_SOCIAL = "scolaire_social", "scolaire, social et sécurité"


class Signature(TextChoices):
    """Who signs for the collectivité: its head by law, or someone by a dated delegation (CGCT L2122-18, L5211-9)."""

    NON = "", "ne signe pas"
    DE_DROIT = "droit", "de droit (maire, président·e)"
    DELEGATION = "delegation", "par délégation"


class PolitiqueReseau(TextChoices):
    OUVERT = "ouvert", "ouvert à tous"
    SUR_DEMANDE = "demande", "sur demande"
    SUR_INVITATION = "invitation", "sur invitation"


class RoleReseau(TextChoices):
    MEMBRE = "membre", "membre"
    ANIMATEUR = "animateur", "animateur·rice"


class Domaine(TextChoices):
    """Areas that the intercommunalité answers for; each is a Wagtail group made by `installer`."""

    ANNUAIRE = "annuaire", "Responsables de l’annuaire"
    RESSOURCES = "ressources", "Responsables des ressources"
    FORMATIONS = "formations", "Responsables des formations"
    MATERIEL = "materiel", "Responsables du matériel"
    CONTENU = "contenu", "Responsables du contenu"
    ADMINISTRATION = "administration", "Administration"
