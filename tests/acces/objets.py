"""One thing of each kind that an address may name, placed in the world of the cast."""

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Collection

from annuaire.models import AnnuairePage, Photo
from annuaire.photos import consentement
from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Absence
from formations.enums import StatutCampagne, Visa
from formations.models import (
    BesoinFormation,
    Campagne,
    FormationPage,
    FormationsPage,
    Inscription,
    LignePlan,
    SessionFormation,
    Souhait,
)
from home.models import ActualitePage, ActualitesPage, AidePage, HomePage, PageStandard
from materiel.enums import TypePapier
from materiel.models import (
    Besoin,
    Categorie,
    Constat,
    Convention,
    Incident,
    Materiel,
    MaterielPage,
    MaterielsPage,
    Message,
    ModeleConventionPage,
    Papier,
    PhotoConstat,
    Pret,
    ReglementPretPage,
)
from notifications.models import Notification
from ressources.enums import EtatDepot
from ressources.models import (
    DemandeDocument,
    Depot,
    DocumentPrive,
    Echange,
    FichierDepose,
    QuestionReponse,
    Reprise,
    RessourcePage,
    RessourcesPage,
    VersionFichier,
)
from ressources.models import Photo as PhotoRessource
from search.models import RechercheGardee
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.formations.factories import book, make_formation, make_session
from tests.materiel.contrats import lent_and_lost
from tests.materiel.factories import PretFactory, make_materiel
from tests.ressources.factories import make_ressource
from tests.ressources.photos import make_photo
from tests.ressources.remplir.modeles import make_modele, word


@dataclass
class Objets:
    cast: Distribution
    document: DocumentPrive
    boite: RessourcesPage
    ressource: RessourcePage
    image: PhotoRessource
    demande: DemandeDocument
    reprise: Reprise
    echange: Echange
    question: QuestionReponse
    depose: FichierDepose
    notification: Notification
    version: VersionFichier
    version_modele: VersionFichier
    cle: Authenticator
    materiels: MaterielsPage
    annuaire: AnnuairePage
    fiche_materiel: MaterielPage
    materiel: Materiel
    accueil: HomePage
    actualites: ActualitesPage
    pour_tous: ActualitePage
    pour_a: ActualitePage
    brouillon: ActualitePage
    a_venir: ActualitePage
    finie: ActualitePage
    convention: Convention
    constat: Constat
    photo_constat: PhotoConstat
    incident: Incident
    modele: ModeleConventionPage
    reglement: ReglementPretPage
    aide: AidePage
    questions: PageStandard
    papier: Papier
    besoin: Besoin
    pret: Pret
    message: Message
    ailleurs: Materiel
    photo: Photo
    absence: Absence
    formations: FormationsPage
    formation: FormationPage
    session: SessionFormation
    inscription: Inscription
    campagne: Campagne
    besoin_formation: BesoinFormation
    ligne_plan: LignePlan
    souhait: Souhait
    gardee: RechercheGardee


def make_objets(cast: Distribution) -> Objets:
    """News for all, for A only, a draft, one to come, one expired; a document that no page uses; one that Alain shares,
    and one that he is sending; a line of his inbox; a passkey of somebody else. A loan that A asks B for. The
    seat of Alain in a session, held until its visa. A need of A in a census, a line of the plan, a wish of Alain
    and a search that he keeps.
    """
    actualites = ActualitesPage.objects.get()
    now = timezone.now()

    def news(titre: str, **fields: object) -> ActualitePage:
        page = ActualitePage(title=titre, chapeau="En bref.", collectivite=cast.a, **fields)
        return actualites.add_child(instance=page)

    pret = PretFactory(
        materiel=make_materiel(collectivite=cast.b), emprunteur=cast.a, demandeur=cast.gestionnaire_a, numero="2026-1"
    )
    lent = lent_and_lost(cast)
    ressource = make_ressource("Règlement", owner=cast.agent_a, collectivite=cast.a)
    materiel = make_materiel("Balayeuse", collectivite=cast.a)
    session = make_session(make_formation("Premiers secours"))
    campagne = Campagne.objects.create(
        titre="Besoins 2027", annee=2027, repondre_avant=now.date() + timedelta(days=9), statut=StatutCampagne.OUVERTE
    )
    needed = {"campagne": campagne, "collectivite": cast.a, "auteur": cast.gestionnaire_a}
    return Objets(
        cast=cast,
        formations=FormationsPage.objects.get(),
        formation=session.formation,
        session=session,
        inscription=book(session, cast.agent_a, cast.a, Visa.ATTENDU),
        campagne=campagne,
        besoin_formation=BesoinFormation.objects.create(intitule="Élagage", effectif=2, **needed),
        ligne_plan=LignePlan.objects.create(campagne=campagne, intitule="Excel"),
        souhait=Souhait.objects.create(intitule="Paie", auteur=cast.agent_a, collectivite=cast.a),
        gardee=RechercheGardee.objects.create(agent=cast.agent_a, nom="PLU", liste="ressources", parametres="q=plu"),
        materiels=MaterielsPage.objects.get(),
        annuaire=AnnuairePage.objects.get(),
        fiche_materiel=materiel.page,
        materiel=materiel,
        boite=RessourcesPage.objects.get(),
        ressource=ressource,
        image=make_photo(owner=cast.agent_a, collectivite=cast.a),
        demande=DemandeDocument.objects.create(objet="Un bail", auteur=cast.agent_a, collectivite=cast.a),
        reprise=Reprise.objects.create(
            page=ressource,
            collectivite=cast.a,
            agent=cast.agent_a,
            acte=ContentFile(b"%PDF-1.7", "acte.pdf"),
            acte_nom="acte.pdf",
        ),
        echange=Echange.objects.create(theme=ressource.theme, auteur=cast.agent_a, texte="Et le samedi ?"),
        question=QuestionReponse.objects.create(
            question="Et le samedi ?", reponse="Oui.", theme=ressource.theme, diffusion=[TOUTES]
        ),
        depose=FichierDepose.objects.create(
            depot=Depot.objects.create(auteur=cast.agent_a, collectivite=cast.a),
            nom="note.txt",
            file=ContentFile(b"Note", "note.txt"),
            etat=EtatDepot.PRET,
        ),
        document=DocumentPrive.objects.create(
            title="Réservé", collection=Collection.get_first_root_node(), file=ContentFile(b"%PDF-1.7", "reserve.pdf")
        ),
        notification=Notification.objects.create(
            destinataire=cast.agent_a, sorte="actualite", titre="Pour Alain", diffusion=[]
        ),
        version=make_ressource("Consignes", collectivite=cast.a, owner=cast.gestionnaire_a, lecture_suivie=True)
        .fichiers.get()
        .versions.get(),
        version_modele=make_modele(word("La mairie {{ de_commune }}"), collectivite=cast.a, owner=cast.agent_a),
        cle=Authenticator.objects.create(user=AgentFactory(), type=Authenticator.Type.WEBAUTHN, data={"name": "Clé"}),
        accueil=HomePage.objects.get(),
        actualites=actualites,
        pour_tous=news("Pour tous", diffusion=[TOUTES], live=True, first_published_at=now),
        pour_a=news("Pour Aval", diffusion=[code_collectivite(cast.a.pk)], live=True, first_published_at=now),
        brouillon=news("Brouillon", diffusion=[TOUTES], live=False),
        a_venir=news("À venir", diffusion=[TOUTES], live=True, go_live_at=now + timedelta(days=2)),
        finie=news("Finie", diffusion=[TOUTES], live=True, expire_at=now - timedelta(hours=1)),
        convention=lent.conventions.get(),
        constat=lent.constats.first(),
        photo_constat=PhotoConstat.objects.get(),
        incident=lent.incidents.get(),
        modele=ModeleConventionPage.objects.first(),
        reglement=ReglementPretPage.objects.get(),
        aide=AidePage.objects.get(),
        questions=PageStandard.objects.get(slug="questions-frequentes"),
        papier=Papier.objects.create(
            materiel=make_materiel("Nacelle", collectivite=cast.a),
            type=TypePapier.NOTICE,
            file=ContentFile(b"%PDF-1.7", "notice.pdf"),
            nom="notice.pdf",
            sha256="0" * 64,
        ),
        pret=pret,
        message=Message.objects.create(
            pret=pret, auteur=cast.gestionnaire_a, photo=ContentFile(b"\xff\xd8\xff", "coin.jpg")
        ),
        ailleurs=make_materiel("Podium"),
        photo=Photo.objects.create(
            agent=cast.agent_a,
            consentement=consentement.agree(cast.agent_a, cast.agent_a),
            cle="p0",
            fichier=ContentFile(b"RIFF", "grande.webp"),
            vignette=ContentFile(b"RIFF", "petite.webp"),
            imprimable=ContentFile(b"\xff\xd8\xff", "papier.jpg"),
        ),
        absence=Absence.objects.create(
            agent=cast.agent_a, date_debut=now.date() + timedelta(days=9), date_fin=now.date() + timedelta(days=9)
        ),
        besoin=Besoin.objects.create(
            collectivite=cast.b,
            auteur=cast.secretaire_b,
            categorie=Categorie.objects.get(code="levage"),
            objet="Une nacelle",
            date_debut=now.date() + timedelta(days=20),
            date_fin=now.date() + timedelta(days=21),
        ),
    )
