"""Asking under a theme, and what a responsable reads again before an answer is for all."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from collectivites.diffusion import ELUS, EPCI, TOUTES
from collectivites.models import Theme
from ressources.forms.consulter import TEXTE
from ressources.lecteurs import in_words, lectorat
from ressources.models import Echange, QuestionReponse, RessourcePage
from ressources.models.question import unfound
from ressources.questions import noms
from ressources.questions.publier import Contenu, next_check
from ressources.verification import why_too_far

FICHE, GARDER = "fiche", "garder"
_FIXES = {TOUTES: "Toutes les communes", ELUS: "Les élus", EPCI: "Les agents de l’intercommunalité"}


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Echange
        fields = ["texte"]
        labels = {"texte": "Votre question"}
        help_texts = {
            "texte": "Sans le nom d’un habitant ni d’un agent\u00a0: tous ceux qui ouvrent ce thème la lisent."
        }
        widgets = {"texte": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"texte": {**TEXTE, "required": "Écrivez votre question."}}


class QuestionReponseForm(forms.ModelForm):
    """`page`: the sheet that it stands under; its readers are then those of the sheet, unless one says otherwise."""

    lecteurs = forms.ChoiceField(label="Qui pourra la lire", widget=forms.RadioSelect)
    elargir = forms.BooleanField(label="Je la publie plus largement que la fiche", required=False)
    assume = forms.BooleanField(label=noms.ASSUMER, required=False)

    class Meta:
        model = QuestionReponse
        fields = ["question", "reponse", "theme", "a_verifier_avant"]
        labels = {"question": "La question", "reponse": "La réponse"}
        help_texts = {"question": "En une phrase, comme on la chercherait."}
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2}),
            "reponse": forms.Textarea(attrs={"rows": 9}),
            "a_verifier_avant": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        error_messages = {
            "question": {
                "required": "Écrivez la question.",
                "max_length": "Deux cent cinquante caractères au plus\u00a0: il y en a %(show_value)d.",
            },
            "reponse": {
                "required": "Écrivez la réponse.",
                "max_length": "Quatre mille caractères au plus\u00a0: il y en a %(show_value)d.",
            },
            "theme": {"required": "Choisissez un thème."},
        }

    def __init__(self, *args: Any, page: RessourcePage | None = None, parlants: Iterable = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.parlants = page, parlants
        self.restent = False
        self.fields["theme"].queryset = Theme.objects.all()
        self.fields["theme"].empty_label = None
        self.fields["a_verifier_avant"].required = True
        self.fields["a_verifier_avant"].error_messages["required"] = (
            "Donnez la date avant laquelle quelqu’un relira cette réponse."
        )
        if not self.instance.pk:
            self.fields["a_verifier_avant"].initial = next_check()
        self.fields["lecteurs"].choices = self._choices()
        self.fields["lecteurs"].initial = self._placed()
        self.fields["elargir"].initial = self.instance.elargie
        if not self.est_reservee:
            del self.fields["elargir"]

    @property
    def est_reservee(self) -> bool:
        """Its sheet is not for everybody."""
        return self.page is not None and TOUTES not in self.page.diffusion

    def _choices(self) -> list[tuple[str, str]]:
        """« mots|conséquence », each with its number of people today."""
        choices = []
        if self.page is not None:
            own = lectorat(self.page.diffusion)
            choices.append((FICHE, f"Les lecteurs de la fiche|{own.mots}, {own.personnes}. Ils suivront la fiche."))
        fixed = [code for code in _FIXES if self.page is None or list(self.page.diffusion) != [code]]
        choices += [(code, f"{_FIXES[code]}|{lectorat([code]).personnes}") for code in fixed]
        if self._placed() == GARDER:
            choices.append((GARDER, f"Les lecteurs d’aujourd’hui|{in_words(self.instance.diffusion)}"))
        return choices

    def _placed(self) -> str:
        entry = self.instance
        if not entry.pk:
            return TOUTES if self.page is None else FICHE
        codes = list(entry.diffusion)
        if self.page is not None and not entry.elargie and codes in ([TOUTES], list(self.page.diffusion)):
            return FICHE
        return codes[0] if len(codes) == 1 and codes[0] in _FIXES else GARDER

    def clean_a_verifier_avant(self) -> object:
        day = self.cleaned_data["a_verifier_avant"]
        if day <= timezone.localdate() and "a_verifier_avant" in self.changed_data:
            raise forms.ValidationError("Cette date est passée. Donnez-en une à venir.")
        if why := why_too_far(day):
            raise forms.ValidationError(why)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        words = "\n\n".join(cleaned.get(name, "") for name in ("question", "reponse"))
        said = noms.refusal(words, self.parlants)
        self.restent = bool(said)
        if said and not cleaned.get("assume"):
            self.add_error(None, said)
        if self._is_wider(cleaned.get("lecteurs")) and not cleaned.get("elargir"):
            self.add_error(
                "elargir",
                f"La fiche est réservée ({in_words(self.page.diffusion)}). Cochez cette case, ou gardez ses lecteurs.",
            )
        lecteurs = cleaned.get("lecteurs")
        said = lecteurs and unfound(self._codes(lecteurs), self.page, elargie=self._is_wider(lecteurs))
        if said:
            self.add_error("lecteurs", said)
        return cleaned

    def _is_wider(self, lecteurs: str | None) -> bool:
        if not self.est_reservee or lecteurs in (None, "", FICHE):
            return False
        codes = self.instance.diffusion if lecteurs == GARDER else [lecteurs]
        return not set(codes) <= set(self.page.diffusion) and not (lecteurs == GARDER and not self.instance.elargie)

    def _codes(self, lecteurs: str) -> list[str]:
        return {FICHE: [TOUTES], GARDER: self.instance.diffusion}.get(lecteurs, [lecteurs])

    @property
    def contenu(self) -> Contenu:
        data = self.cleaned_data
        lecteurs = data["lecteurs"]
        return Contenu(
            question=" ".join(data["question"].split()),
            reponse=data["reponse"],
            theme=data["theme"],
            diffusion=self._codes(lecteurs),
            elargie=self._is_wider(lecteurs),
            a_verifier_avant=data["a_verifier_avant"],
        )
