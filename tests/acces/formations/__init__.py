"""The rows of the training in the access matrix, one module a part of it."""

from tests.acces.formations import catalogue, inscrire, organiser, plan, seances, visas

FORMATIONS = {
    **catalogue.LIGNES,
    **inscrire.LIGNES,
    **organiser.LIGNES,
    **seances.LIGNES,
    **plan.LIGNES,
    **visas.LIGNES,
}
