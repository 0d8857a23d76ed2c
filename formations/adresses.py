"""Fixed addresses of the area, under its page."""

CATALOGUE = "/formations/"
CALENDRIER, AGENDA = f"{CATALOGUE}calendrier/", f"{CATALOGUE}agenda/"
INSCRIPTIONS, VISAS, TITRES = f"{CATALOGUE}inscriptions/", f"{CATALOGUE}visas/", f"{CATALOGUE}titres/"
ORGANISER = f"{CATALOGUE}organiser/"
BESOINS, SOUHAITS, BILAN = f"{CATALOGUE}besoins/", f"{CATALOGUE}souhaits/", f"{CATALOGUE}bilan/"
SESSIONS = f"{CATALOGUE}sessions/"


def gerer(numero: str) -> str:
    """The page of whoever organises that session."""
    return f"{SESSIONS}{numero}/gerer/"


# First words of fixed addresses under the catalogue: a sheet of that name could never be reached.
PRISES = frozenset(
    ["calendrier", "agenda", "inscriptions", "visas", "visa", "titres", "besoins", "souhaits", "plan", "campagnes"]
    + ["bilan", "sessions", "presences", "attestations", "evaluations", "organiser", "publics", "parcours", "feuilles"]
)
