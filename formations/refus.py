"""Why an act of the training is refused: sentences that may be shown, and say what to do."""

from extranet.lib.typographie import Montrable


class InscriptionRefusee(Montrable):
    """An act on a seat or a session that cannot be done; the sentence may be shown and says what to do."""


class SessionChangee(InscriptionRefusee):
    """The session or the seat is no longer what was on the screen."""


# Constraints that tell what the code has missed: the last guard, in words.
GARDES = {
    "session_jamais_au_dela_des_places": "La dernière place vient d’être prise. Rechargez la page : la liste "
    "d’attente reste ouverte.",
    "sessioncommune_jamais_au_dela_du_quota": "Votre commune a déjà toutes ses places dans cette session. Rechargez la "
    "page.",
    "inscription_une_par_personne": "Cette personne est déjà inscrite à cette session.",
    "demijourneeprise_nulle_part_ailleurs": "Cette personne est déjà prise par une autre formation à ce moment.",
}
