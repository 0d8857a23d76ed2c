"""The accounts that one visits the demo with: fixed passwords, and the secret of their second factor."""

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

from collectivites.comptes.second_facteur import current_code, set_demo_totp
from collectivites.demo.monde import GRAINE, Monde
from collectivites.models import Agent


@dataclass(frozen=True)
class Compte:
    """One visitor: the key of the agent, who they are, their password."""

    cle: str
    qui: str
    mot_de_passe: str

    @property
    def secret(self) -> str:
        """Of the application of codes, the same at every run."""
        return b32encode(sha256(f"{GRAINE}:totp:{self.cle}".encode()).digest()[:20]).decode()


COMPTES = (
    Compte("odile-vuillermet", "secrétaire générale de trois communes", "girouette-lavande-cumulus"),
    Compte("karim-belkacem", "responsable du centre technique de Tavaux", "marmite-boussole-nectarine"),
    Compte("pascale-guyon", "secrétaire générale de Tavaux", "parapluie-violon-myrtille"),
    Compte("anne-lise-marchal", "élue : maire de Tavaux, vice-présidente", "tambourin-cerfeuil-falaise"),
    Compte("nathalie-perrot", "responsable à l’intercommunalité", "pendule-cannelle-hirondelle"),
    Compte("julien-mairot", "administrateur", "accordeon-muscade-rivage"),
)


def open_accounts(monde: Monde) -> None:
    for compte in COMPTES:
        agent = monde.agent(compte.cle)
        agent.set_password(compte.mot_de_passe)
        agent.save(update_fields=["password"])
        if agent.must_have_second_factor:
            set_demo_totp(agent, compte.secret)


def described(agents: dict[str, Agent]) -> str:
    """The accounts as a newcomer reads them."""
    lines = ["Comptes de démonstration"]
    for compte in COMPTES:
        agent = agents[compte.cle]
        lines.append(f"  {agent.email:<34} {compte.mot_de_passe:<30} {agent.nom_complet}, {compte.qui}")
        if agent.must_have_second_factor:
            lines.append(f"  {'':<34} second facteur : {compte.secret} (code du moment : manage.py demo --code)")
    return "\n".join(lines)


def codes(agents: dict[str, Agent]) -> str:
    """The current code of each account that has a second factor."""
    due = [compte for compte in COMPTES if agents[compte.cle].must_have_second_factor]
    return "\n".join(f"{agents[compte.cle].email:<34} {current_code(compte.secret)}" for compte in due)
