"""Over random deposits, changes of diffusion and changes of poste: nobody is told of what they may not see, nothing is
told twice, nothing is missed. What each one may see is counted again here, in the plainest way.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Agent, Collectivite, Poste, Theme
from ressources.models import RessourcePage
from search.gardees.alertes import write_alerts
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.ressources.factories import make_ressource
from tests.search.gardees import kept, leave, morning

pytestmark = pytest.mark.django_db

MOT = "zibeline"


@dataclass
class Document:
    page: RessourcePage
    diffusion: frozenset[str]
    suivi: bool
    live: bool = True

    @property
    def titre(self) -> str:
        return self.page.title


@dataclass
class Personne:
    """Who keeps searches, and where they have a poste now; `dits` counts what the mails have told them."""

    agent: Agent
    postes: dict[int, Poste]
    par_theme: bool
    par_mot: bool
    lieux: set[int] = field(default_factory=set)
    dits: Counter = field(default_factory=Counter)

    @property
    def codes(self) -> set[str]:
        return {code_collectivite(pk) for pk in self.lieux} | ({TOUTES} if self.lieux else set())

    def sees(self, one: Document) -> bool:
        return one.live and not self.codes.isdisjoint(one.diffusion)

    def wants(self, one: Document) -> bool:
        return self.par_mot or one.suivi

    @property
    def fois(self) -> int:
        """A thing may answer each of their searches once."""
        return self.par_theme + self.par_mot


class Monde:
    """Two communes and one where nobody is; three persons: one follows a theme, one a word, one both."""

    def __init__(self) -> None:
        self.lieux: list[Collectivite] = [CollectiviteFactory(nom=nom) for nom in ("Amont", "Berge", "Cime")]
        self.auteur, self.jour = AgentFactory(), 0
        self.themes = [Theme.objects.first(), Theme.objects.last()]
        self.documents: list[Document] = []
        self.personnes = [self._person(*wants) for wants in ((True, False), (False, True), (True, True))]
        self.deposit(0, suivi=True)
        self.avant = {one.titre for one in self.documents}
        for one in self.personnes:
            if one.par_theme:
                kept(one.agent, f"theme={self.themes[0].slug}", nom="Thème")
            if one.par_mot:
                kept(one.agent, f"q={MOT}", liste="recherche", nom="Mot")

    def _person(self, par_theme: bool, par_mot: bool) -> Personne:
        agent = AgentFactory()
        first = PosteFactory(agent=agent, collectivite=self.lieux[0])
        hidden = PosteFactory(agent=agent, collectivite=self.lieux[1], date_fin=self.hier)
        postes = {self.lieux[0].pk: first, self.lieux[1].pk: hidden}
        return Personne(agent, postes, par_theme, par_mot, {self.lieux[0].pk})

    @property
    def hier(self):
        return timezone.localdate() - timedelta(days=1)

    def codes(self, which: int) -> frozenset[str]:
        a, b, nobody = (code_collectivite(one.pk) for one in self.lieux)
        return frozenset([[TOUTES], [a], [b], [a, b], [nobody]][which])

    def deposit(self, which: int, *, suivi: bool) -> None:
        codes, number = self.codes(which), len(self.documents)
        page = make_ressource(
            f"{MOT.capitalize()} n{number}x",
            diffusion=sorted(codes),
            fichiers=0,
            theme=self.themes[0 if suivi else 1],
            collectivite=self.lieux[0],
            owner=self.auteur,
        )
        self.documents.append(Document(page, codes, suivi))

    def recent(self, rank: int) -> Document:
        """The newest is the first: what was just told is what should change."""
        return self.documents[-1 - rank % len(self.documents)]

    def diffuse(self, rank: int, which: int) -> None:
        one = self.recent(rank)
        one.diffusion = self.codes(which)
        one.page.diffusion = sorted(one.diffusion)
        one.page.save()

    def publish(self, rank: int) -> None:
        """Online, or no longer."""
        one = self.recent(rank)
        one.live = one.page.live = not one.live
        one.page.save()

    def follow(self, rank: int) -> None:
        """From a theme to the other."""
        one = self.recent(rank)
        one.suivi = not one.suivi
        one.page.theme = self.themes[0 if one.suivi else 1]
        one.page.save()

    def move(self, who: int, where: int) -> None:
        """A poste that ends, or begins again."""
        one, place = self.personnes[who], self.lieux[where].pk
        one.lieux ^= {place}
        Poste.objects.filter(pk=one.postes[place].pk).update(date_fin=None if place in one.lieux else self.hier)

    def pass_on(self) -> None:
        """The next morning: the mails are written, and wait."""
        self.jour += 1
        write_alerts(morning(self.jour))

    def leave(self) -> None:
        """Those that wait leave: what they say is what their reader may see now."""
        by_address = {one.agent.email: one for one in self.personnes}
        for message in leave():
            person, words = by_address[message.to[0]], message.body + message.alternatives[0][0]
            assert person.lieux, "a mail to somebody without poste"
            for one in self.documents:
                if one.titre in words:
                    assert person.sees(one), "told of what they may not see"
                    assert message.body.count(one.titre) == 1, "named twice in a mail"
                    person.dits[one.titre] += 1
        for person in self.personnes:
            assert all(n <= person.fois for n in person.dits.values()), "told twice"
            assert not self.avant & person.dits.keys(), "told of what was there"

    def live(self, jour: "Jour") -> None:
        self.deposit(0, suivi=True)
        self._do(jour.avant)
        self.pass_on()
        self._do(jour.entre)
        if jour.part:
            self.leave()

    def _do(self, actes: list[tuple]) -> None:
        for nom, *rest in actes:
            if nom == "deposit":
                self.deposit(rest[0], suivi=rest[1])
            else:
                getattr(self, nom)(*rest)

    def check(self) -> None:
        """A morning and its departure without anything between them: nothing is missed."""
        self.leave()
        self.pass_on()
        self.leave()
        for person in self.personnes:
            for one in self.documents:
                if person.sees(one) and person.wants(one) and one.titre not in self.avant:
                    assert person.dits[one.titre], f"{one.titre} was missed"


ranks = st.integers(0, 3)
ACTES = st.one_of(
    st.tuples(st.just("deposit"), st.sampled_from([0, 0, 1, 2, 3]), st.booleans()),
    st.tuples(st.just("diffuse"), ranks, st.integers(0, 4)),
    st.tuples(st.just("publish"), ranks),
    st.tuples(st.just("follow"), ranks),
    st.tuples(st.just("move"), st.integers(0, 2), st.integers(0, 1)),
)


@dataclass(frozen=True)
class Jour:
    """What happens before the mails are written, between that and their departure, and whether they leave that day."""

    avant: list[tuple]
    entre: list[tuple]
    part: bool


JOURS = st.builds(
    Jour,
    avant=st.lists(ACTES, max_size=3),
    entre=st.lists(ACTES, max_size=2),
    part=st.sampled_from([True, True, True, False]),
)


@pytest.mark.lent
@settings(
    phases=[Phase.generate],
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(jours=st.lists(JOURS, min_size=3, max_size=6))
def test_each_is_told_once_of_all_that_they_may_see(db: None, jours: list[Jour]):
    with transaction.atomic():
        monde = Monde()
        for one in jours:
            monde.live(one)
        monde.check()
        transaction.set_rollback(True)
