"""Factories of the ground floor."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from collectivites.enums import FamilleFonction, TypeCollectivite
from collectivites.models import Adhesion, Agent, Collectivite, Fonction, Poste, Reseau


class CollectiviteFactory(DjangoModelFactory):
    class Meta:
        model = Collectivite
        django_get_or_create = ["slug"]

    nom = factory.Sequence(lambda n: f"Commune {n}")
    slug = factory.LazyAttribute(lambda c: c.nom.lower().replace(" ", "-"))
    insee = factory.Sequence(lambda n: f"{90000 + n}")

    class Params:
        epci = factory.Trait(type=TypeCollectivite.EPCI, insee=None, nom="Grand Val", article="le", slug="grand-val")


class FonctionFactory(DjangoModelFactory):
    class Meta:
        model = Fonction
        django_get_or_create = ["code"]

    code = "essai-secretaire"
    libelle = factory.LazyAttribute(lambda f: f.code.replace("-", " ").capitalize())
    famille = FamilleFonction.ADMINISTRATIF


class AgentFactory(DjangoModelFactory):
    class Meta:
        model = Agent
        skip_postgeneration_save = True

    prenom = factory.Sequence(lambda n: f"Prénom{n}")
    nom = factory.Sequence(lambda n: f"Nom{n}")
    slug = factory.Sequence(lambda n: f"agent-{n}")
    email = factory.LazyAttribute(lambda a: f"{a.slug}@essai.example")


class PosteFactory(DjangoModelFactory):
    class Meta:
        model = Poste

    agent = factory.SubFactory(AgentFactory)
    collectivite = factory.SubFactory(CollectiviteFactory)
    fonction = factory.SubFactory(FonctionFactory)
    date_debut = date(2020, 1, 1)


class ReseauFactory(DjangoModelFactory):
    class Meta:
        model = Reseau

    nom = factory.Sequence(lambda n: f"Réseau {n}")
    slug = factory.Sequence(lambda n: f"reseau-{n}")


class AdhesionFactory(DjangoModelFactory):
    class Meta:
        model = Adhesion

    reseau = factory.SubFactory(ReseauFactory)
    agent = factory.SubFactory(AgentFactory)
    date_debut = date(2020, 1, 1)
