"""The development page `/composants/`: every component with its states. It is the reference of the house.

People, telephone numbers and addresses are the fictional cast of the drawings.
"""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONG = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"

FAMILLES = [
    ("bases", "Bases", "Ce dont tout le reste est fait."),
    ("contenus", "Listes et fiches", "Ce que l’on lit."),
    ("formulaires", "Formulaires", "Ce que l’on remplit, et ce qui est à corriger."),
    ("suivi", "Suivi", "Où en est une demande, combien il reste, ce qui est arrivé."),
    ("etats", "États", "Rien trouvé, refusé, en panne, trop long, sans retour."),
    ("navigation", "Navigation", "Où l’on est, où l’on va."),
]


class DemandeForm(forms.Form):
    """A field of each nature."""

    commune = forms.ChoiceField(
        label="Commune", choices=[("", "Choisir"), ("39233", "Foucherans"), ("39526", "Tavaux"), ("51513", LONG)]
    )
    courriel = forms.EmailField(label="Courriel", help_text="Celui de la mairie, lu par plusieurs personnes.")
    du = forms.DateField(label="Du", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    jours = forms.IntegerField(
        label="Combien de jours",
        max_value=4,
        error_messages={"max_value": "Quatre au plus. Demandez une prolongation ensuite, si personne n’attend."},
    )
    travaux = forms.CharField(label="Pour quels travaux", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    piece = forms.FileField(label="Attestation d’assurance", required=False, help_text="PDF, 5 Mo au plus.")
    reference = forms.CharField(label="Référence du prêt", initial="2026-107", disabled=True, required=False)
    lecteurs = forms.ChoiceField(
        label="Qui pourra lire ce document",
        widget=forms.RadioSelect,
        choices=[
            ("toutes", "Toutes les communes|612 personnes\u00a0: agents et élus"),
            ("choisies", "Des communes choisies|vous les cochez, nous comptons"),
            ("reseau", "Un de vos réseaux|Secrétaires de mairie, 52 personnes"),
            ("elus", "Les élus|248 personnes dans les 47 communes"),
        ],
    )
    frequence = forms.ChoiceField(
        label="Un agent arrive ou part",
        help_text="dans vos communes",
        widget=forms.RadioSelect,
        choices=[
            ("immediate", "Tout de suite"),
            ("jour", "Chaque jour"),
            ("semaine", "Chaque semaine"),
            ("jamais", "Jamais"),
        ],
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes suivis",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("cimetiere", "Cimetière"), ("etat-civil", "État civil"), ("finances", "Finances")],
    )
    accord = forms.BooleanField(
        label="J’ai lu le règlement de prêt", error_messages={"required": "Cochez cette case pour envoyer la demande."}
    )


def _filled_form() -> DemandeForm:
    """A form to correct: an address cut short, too many days, an unticked box."""
    reponses = {
        "commune": "39233",
        "courriel": "mairie@foucherans",
        "du": "2026-10-20",
        "jours": "6",
        "travaux": "Curage du fossé, chemin des Vignes. Nous aurons deux agents.",
        "frequence": "jour",
        "themes": ["cimetiere"],
    }
    return DemandeForm({f"corriger-{nom}": reponse for nom, reponse in reponses.items()}, prefix="corriger")


def _semaine() -> list[SimpleNamespace]:
    presences = [("matin", "apr.-m."), ("matin", "apr.-m."), ("", ""), ("matin", "apr.-m."), ("matin", "")]
    noms = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi"]
    return [
        SimpleNamespace(nom=nom, matin=matin, apres_midi=apres_midi)
        for nom, (matin, apres_midi) in zip(noms, presences, strict=True)
    ]


def _horaires() -> list[SimpleNamespace]:
    matin, soir = "8 h 30 à 12 h", "13 h 30 à 18 h 30"
    return [
        SimpleNamespace(nom="Lundi", plages=[matin, soir], aujourdhui=False),
        SimpleNamespace(nom="Mardi", plages=[matin], aujourdhui=False),
        SimpleNamespace(nom="Mercredi", plages=[], aujourdhui=False),
        SimpleNamespace(nom="Jeudi", plages=[matin, soir], aujourdhui=True),
    ]


def _mois() -> SimpleNamespace:
    """A week of each state of a day."""
    days = [
        ("is-past", "", "date passée", False),
        ("is-free", "libre", "libre", False),
        ("is-free is-picked", "libre", "libre, dates demandées", True),
        ("is-part", "matin", "matin libre", False),
        ("is-taken", "pris", "pris par une autre commune", False),
        ("is-own", "mairie", "gardé par la commune propriétaire", False),
    ]
    week: list[SimpleNamespace | None] = [None]
    for number, (classe, mot, lu, choisi) in enumerate(days, 6):
        url = "#contenus" if "libre" in lu else ""
        day = date(2026, 10, number)
        week.append(SimpleNamespace(date=day, classe=classe, mot=mot, lu=lu, url=url, choisi=choisi))
    return SimpleNamespace(titre="Octobre 2026", semaines=[week])


def composants(request: HttpRequest) -> HttpResponse:
    contexte = {
        "familles": FAMILLES,
        "long": LONG,
        "jour": date(2026, 10, 13),
        "premier": date(2026, 5, 1),
        "form": DemandeForm(prefix="vierge"),
        "form_a_corriger": _filled_form(),
        "semaine": _semaine(),
        "horaires": _horaires(),
        "mairie": SimpleNamespace(nom="Tavaux", is_epci=False),
        "agglo": SimpleNamespace(nom="Grand Dole", is_epci=True),
        "mois_libre": _mois(),
        "mois_classes": ["is-free", "is-part", "is-taken", "is-own", "choisi"],
        "page_obj": Paginator(range(240), 20).page(6),
        "premiere_page": Paginator(range(45), 20).page(1),
        "tons": ["ok", "wait", "alert", "info", "neutral", "area"],
        "espaces": [
            ("accueil", "house-door-fill", "Accueil"),
            ("ressources", "journal-bookmark-fill", "Ressources"),
            ("annuaire", "people-fill", "Annuaire"),
            ("formations", "mortarboard-fill", "Formations"),
            ("materiel", "tools", "Matériel"),
            ("agenda", "calendar-week-fill", "Agenda"),
        ],
    }
    return render(request, "home/composants.html", contexte)
