"""The screens of the journeys, by what a person does there. Words are those of the screen: one that changes is seen."""

import re

from playwright.sync_api import Locator, Page, expect

from collectivites.models import Agent, Collectivite
from tests.comptes.entrees import last_code


class Connexion:
    """The way in: the address, the code, and what the first visit asks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.address = page.get_by_label("Votre adresse de courriel professionnelle")
        self.code = page.get_by_label("Le code reçu par courriel")

    def open(self, suite: str = "") -> "Connexion":
        self.page.goto(f"/connexion/?next={suite}" if suite else "/connexion/")
        return self

    def ask_code(self, email: str) -> None:
        self.address.fill(email)
        self.page.get_by_role("button", name="Recevoir un code").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Recopiez le code reçu")

    def give_code(self, code: str) -> None:
        self.code.fill(code)
        self.page.get_by_role("button", name="Entrer").click()

    def enter(self, agent: Agent) -> None:
        """As far as the code: what comes next depends on the agent."""
        self.ask_code(agent.email)
        self.give_code(last_code(agent.email))


class Entete:
    """The head and the foot of every page of the site."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.plate = page.get_by_role("banner").get_by_role("button", name=re.compile("Vous agissez pour"))
        self.account = page.get_by_role("banner").get_by_role("button", name=re.compile("Mon compte"))
        self.tabs = page.get_by_role("navigation", name="Menu principal")
        self.search = page.get_by_role("search", name="Recherche dans tout l’extranet")

    def acting_for(self, collectivite: Collectivite) -> None:
        expect(self.page.get_by_role("banner").locator(".ec-switch > .ec-plaque")).to_contain_text(collectivite.nom)

    def choice(self, collectivite: Collectivite) -> Locator:
        return self.page.get_by_role("banner").locator(".ec-switch .dropdown-item", has_text=collectivite.nom)

    def switch_to(self, collectivite: Collectivite, *, phone: bool = False) -> None:
        (self.plate.tap if phone else self.plate.click)()
        choice = self.choice(collectivite)
        (choice.tap if phone else choice.click)()
        self.acting_for(collectivite)

    def log_out(self) -> None:
        self.account.click()
        self.page.get_by_role("banner").get_by_role("button", name="Se déconnecter").click()

    def choose_theme(self, name: str) -> None:
        """« Clair », « Sombre » or « Auto »."""
        self.page.get_by_role("group", name="Apparence").get_by_role("button", name=name).click()


class Invitation:
    """« Inviter un·e collègue »: the creating form of the journeys."""

    PATH = "/annuaire/inviter/"

    def __init__(self, page: Page) -> None:
        self.page = page
        self.surname = page.get_by_label("Son nom")
        self.send = page.get_by_role("button", name="Envoyer l’invitation")

    def open(self) -> "Invitation":
        self.page.goto(self.PATH)
        return self

    def fill(self, prenom: str, nom: str, email: str, fonction: str) -> None:
        self.page.get_by_label("Son prénom").fill(prenom)
        self.surname.fill(nom)
        self.page.get_by_label("Son adresse de courriel professionnelle").fill(email)
        self.page.get_by_label("Sa fonction").select_option(label=fonction)

    def holds(self, prenom: str, nom: str, email: str, fonction: str) -> None:
        """Fails unless the form shows these words."""
        expect(self.page.get_by_label("Son prénom")).to_have_value(prenom)
        expect(self.surname).to_have_value(nom)
        expect(self.page.get_by_label("Son adresse de courriel professionnelle")).to_have_value(email)
        expect(self.page.get_by_label("Sa fonction").locator("option:checked")).to_have_text(fonction)

    def is_sent(self, email: str) -> None:
        """The list of invitations, which says that it left."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Invitations")
        expect(self.page.locator("#messages")).to_contain_text(email)


class Recherche:
    """The box, its list, and the page of results, by what a person sees of them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_role("combobox", name="Rechercher dans tout l’extranet")
        self.list = page.get_by_role("listbox", name="Suggestions")
        self.title = page.locator("#h-resultats")
        self.results = page.locator("[data-resultat]")
        self.chips = page.get_by_role("navigation", name="Filtres choisis")

    def type(self, text: str) -> None:
        self.box.press_sequentially(text)
        expect(self.list).to_be_visible()

    def active(self) -> Locator:
        """The line that the keyboard is on, as a screen reader is told."""
        return self.page.locator(f"#{self.box.get_attribute('aria-activedescendant')}")

    def facet(self, name: str) -> Locator:
        return self.page.get_by_role("checkbox", name=re.compile(rf"^{name}\b"))
