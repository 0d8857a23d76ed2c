"""Changing the address that opens an account: one's own is proved first, and the old one is always told."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.httpkit import authenticated_user
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic.edit import FormView

from collectivites.comptes.codes import CodeEnSession
from collectivites.comptes.connexion import keep_address_in_step
from collectivites.comptes.forms import AdresseForm, CodeAdresseForm
from collectivites.comptes.preuve import PreuveRecenteMixin
from collectivites.comptes.sessions import close_sessions
from collectivites.journal import record
from collectivites.models import Agent, Collectivite
from extranet.lib.emails import masked


@transaction.atomic
def follow_address(
    agent: Agent,
    former: str | None,
    *,
    by: Agent,
    collectivite: Collectivite | None = None,
    session_key: str | None = None,
) -> None:
    """What follows every change of the address of an account, whoever made it, in the transaction of the change.

    The new one opens, the former no longer does and is told, the sessions close but `session_key`, and the journal says
    who changed what. The former owner is not given an address that somebody else wrote, maybe by mistake.
    """
    keep_address_in_step(agent)
    close_sessions(agent, keep=session_key)
    addresses = {"avant": masked(former), "apres": masked(agent.email)}
    record("adresse.changee", agent, agent=by, collectivite=collectivite, **addresses)
    if former:
        by_oneself = by == agent
        context = {
            "nouvelle": agent.email if by_oneself else masked(agent.email),
            "par": "" if by_oneself else str(by),
            "timestamp": timezone.now(),
        }
        get_adapter().send_mail("account/email/adresse_changee", former, context)


def change_address(agent: Agent, email: str, *, session_key: str | None = None) -> None:
    """One's own new address, proved. Raises IntegrityError when somebody else has it."""
    former = agent.email
    with transaction.atomic():
        agent.email = email
        agent.save(update_fields=["email"])
        follow_address(agent, former, by=agent, session_key=session_key)


class AdresseView(PreuveRecenteMixin, FormView):
    """Asks for the new address, and sends a code there. One that is taken gets the same answer, and no mail."""

    form_class = AdresseForm
    template_name = "comptes/adresse.html"

    def form_valid(self, form: AdresseForm) -> HttpResponse:
        agent, email = authenticated_user(self.request), form.cleaned_data["email"]
        if not ratelimit.consume(self.request, action="code_reauthentification", user=agent):
            form.add_error("email", get_adapter().validation_error("rate_limited"))
            return self.form_invalid(form)
        code = CodeEnSession(self.request, "adresse").start(email=email)
        adapter = get_adapter()
        send = adapter.send_nowhere if Agent.objects.filter(email=email).exists() else adapter.send_mail
        send("account/email/adresse_code", email, {"code": code})
        return redirect("compte_adresse_code")


class AdresseCodeView(PreuveRecenteMixin, FormView):
    """The code received at the new address."""

    form_class = CodeAdresseForm
    template_name = "comptes/adresse_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.waiting = CodeEnSession(request, "adresse")
        if not self.waiting.state:
            return redirect("compte_adresse")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "code": self.waiting.code}

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(email=self.waiting.state.get("email", ""), **kwargs)

    def form_invalid(self, form: CodeAdresseForm) -> HttpResponse:
        self.waiting.miss()
        return super().form_invalid(form)

    def form_valid(self, form: CodeAdresseForm) -> HttpResponse:
        email = self.waiting.state["email"]
        self.waiting.clear()
        try:
            change_address(self.request.user, email, session_key=self.request.session.session_key)
        except IntegrityError:
            messages.error(self.request, "Cette adresse vient d’être prise par un autre compte. Prenez-en une autre.")
            return redirect("compte_adresse")
        messages.success(self.request, "C’est fait\u00a0: vous entrez maintenant avec cette adresse.")
        return redirect("mfa_index")
