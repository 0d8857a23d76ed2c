"""Names are plain however they come: by `save`, by `bulk_create`, by a form."""

import pytest
from django.core.exceptions import ValidationError

from collectivites.champs import NomFormField
from collectivites.models import Agent, Poste
from tests.collectivites.factories import AgentFactory, PosteFactory

BACKWARDS = "Odile\u202e"
FORGED = "Aval\r\nBcc: tous@essai.example"


@pytest.mark.django_db
def test_a_name_is_saved_plain() -> None:
    agent = Agent.objects.create_user("odile@essai.example", prenom=BACKWARDS, nom=FORGED)
    assert agent.nom_complet == "Odile Aval Bcc: tous@essai.example"
    agent.refresh_from_db()
    assert agent.nom_complet == "Odile Aval Bcc: tous@essai.example"
    assert agent.slug == "odile-aval-bcc-tousessaiexample"


@pytest.mark.django_db
def test_names_written_many_at_once_are_plain() -> None:
    Agent.objects.bulk_create([AgentFactory.build(prenom=BACKWARDS, nom="Du\u200drand", slug="odile-durand")])
    assert Agent.objects.get(slug="odile-durand").nom_complet == "Odile Durand"
    model = PosteFactory()
    Poste.objects.filter(pk=model.pk).delete()
    Poste.objects.bulk_create(
        [
            PosteFactory.build(
                agent=model.agent,
                collectivite=model.collectivite,
                fonction=model.fonction,
                intitule="Agent\u2028d’accueil\u200f",
            )
        ]
    )
    assert Poste.objects.get(agent=model.agent).libelle == "Agent d’accueil"


def test_a_form_reads_it_plain_before_it_judges_its_length() -> None:
    assert NomFormField(max_length=5).clean("\u202eOd\u200bile\u202c\n") == "Odile"


def test_invisible_marks_are_no_name() -> None:
    with pytest.raises(ValidationError) as refusal:
        NomFormField().clean("\u202e\u200b\n")
    assert refusal.value.code == "required"
