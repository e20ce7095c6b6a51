"""Signing in and one's own account: allauth's views, made to answer as all pages here do.

``for_anybody`` and ``for_oneself`` wrap each of them: 422 and 429 for what is refused, nothing
kept by browsers, and every change in one transaction with its ledger entry. What allauth has no
view for is below.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    is_reauthentication_required,
)
from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import url_str_to_user_pk
from allauth.account.views import ConfirmEmailView, PasswordSetView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from csp.constants import NONE
from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic.edit import FormView

from tracker import clock
from tracker.actions import sign_ins
from tracker.domain.errors import Invalid
from tracker.models import User
from tracker.selectors import drafts
from tracker.web import attempts, refusals
from tracker.web.adapters import BEGUN_WITH
from tracker.web.forms.sign_in import Name
from tracker.web.pages import SignedIn, writes
from tracker.words import refusal

Page = Callable[..., HttpResponse]
Whose = Callable[..., User | None]

TOO_MANY = {attempts.CODE, "too_many_login_attempts", "rate_limited"}
FIVE_MINUTES = 300
SHOWN = "recovery_codes_shown"
SHOWN_SECONDS = 600
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NOTHING = ("default-src", "frame-ancestors", "base-uri", "form-action")


def for_anybody(view: Page, *, whose: Whose | None = None) -> Page:
    """A page on the way in. ``whose``: the account that a POST with a link's key may change."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = whose(**kwargs) if whose is not None and request.method == "POST" else None
        if user is None:
            return _finished(request, view(request, *args, **kwargs))
        with sign_ins.watched(user=user, at=clock.now()):
            return _finished(request, view(request, *args, **kwargs))

    return _guarded(page)


def for_oneself(view: Page, *, changes: bool = True) -> Page:
    """A page of one's own account; others are asked to sign in. A POST may change the account."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return refusals.to_sign_in(request)
        if not changes or request.method != "POST":
            return _finished(request, view(request, *args, **kwargs))
        with sign_ins.watched(user=user, at=clock.now()):
            return _finished(request, view(request, *args, **kwargs))

    return _guarded(page)


def _guarded(page: Page) -> Page:
    return require_http_methods(["GET", "HEAD", "POST"])(sensitive_post_parameters()(page))


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    if context.get("token_fail") or ("confirmation" in context and not context["confirmation"]):
        response.status_code = 404
    found = _errors(context) if request.method == "POST" else []
    if any(error.code in TOO_MANY for error in found):
        response.status_code = 429
        waits = [(error.params or {}).get("seconds", FIVE_MINUTES) for error in found]
        response.headers["Retry-After"] = str(max(waits))
    elif found and response.status_code == 200:
        response.status_code = 422
    add_never_cache_headers(response)
    patch_vary_headers(response, ["Cookie"])
    return response


def _errors(context: dict[str, Any]) -> list[ValidationError]:
    forms = [context.get(name) for name in ("form", "webauthn_form")]
    return [
        error
        for form in forms
        if isinstance(form, BaseForm) and form.is_bound
        for told in form.errors.as_data().values()
        for error in told
    ]


def of_reset_link(*, uidb36: str, key: str) -> User | None:
    try:
        return User.objects.filter(pk=url_str_to_user_pk(uidb36)).first()
    except ValueError:
        return None


def of_confirmation(*, key: str) -> User | None:
    found = EmailConfirmationHMAC.from_key(key)
    user: User | None = found.email_address.user if found else None
    return user


def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link that a new address was sent; the parameter's name keeps it out of the log."""
    page = for_anybody(ConfirmEmailView.as_view(), whose=of_confirmation)
    return page(request, key=token)


def one_more_step(request: HttpRequest) -> HttpResponse:
    """A code or a passkey after the password. Who has none any more begins again: all of them were
    taken away, by an administrator or from elsewhere, after the password was entered. So does
    whoever entered a password that is no longer the one.
    """
    stage = get_pending_stage(request)
    if stage is not None and not (
        is_mfa_enabled(stage.login.user, FACTORS)
        and request.session.get(BEGUN_WITH) == stage.login.user.get_session_auth_hash()
    ):
        clear_login(request)
        return HttpResponseRedirect(reverse("account_login"))
    view = AuthenticateView.as_view(extra_context={"page": "account_login"})
    response: HttpResponse = view(request)
    return response


def first_password(request: HttpRequest) -> HttpResponse:
    """For who has none. Unlike elsewhere what was typed is not kept while asking who it is: it
    would lie in the session as it is.
    """
    if is_reauthentication_required(request, app="allauth.mfa"):
        way = get_account_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return HttpResponseRedirect(f"{way}?next={request.path}")
    response: HttpResponse = PasswordSetView.as_view()(request)
    return response


def to_account(request: HttpRequest) -> HttpResponse:
    """Where allauth leads for its list of second factors: all of them are on the one page."""
    return HttpResponseRedirect(reverse("account"))


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """What is wrong with a passkey is said on the sign-in page, under which one can sign in."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        for told in form.non_field_errors():
            messages.error(self.request, str(told))
        return HttpResponseRedirect(reverse("account_login"))


class ReauthenticateByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return FormView.form_invalid(self, form)


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    """Shown once; for ten minutes whoever saw them can have them as a file."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if context["can_view_codes"]:
            found = _recovery(self.request)
            self.request.session[SHOWN] = [found.pk if found else 0, time.time()]
        return context


@require_safe
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that were just shown in this session, as text; else 404."""
    if not request.user.is_authenticated:
        return refusals.to_sign_in(request)
    pk, at = request.session.get(SHOWN, (0, 0))
    if time.time() - at > SHOWN_SECONDS or not did_recently_reauthenticate(request):
        raise Http404
    found = _recovery(request)
    if found is None or found.pk != pk:
        raise Http404
    context = {"codes": found.wrap().get_unused_codes(), "site": request.get_host()}
    response = render(
        request, "mfa/recovery_codes/download.txt", context, content_type="text/plain"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    add_never_cache_headers(response)
    return response


@require_safe
@csp({name: [NONE] for name in NOTHING})
def totp_picture(request: HttpRequest) -> HttpResponse:
    """The code to scan, of the secret that is being set up in this session; else 404."""
    if not request.user.is_authenticated:
        return refusals.to_sign_in(request)
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret or not did_recently_reauthenticate(request):
        raise Http404
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    response = HttpResponse(picture, content_type="image/svg+xml")
    add_never_cache_headers(response)
    return response


@writes
def account(request: SignedIn) -> HttpResponse:
    """One's name, and what one signs in with. A POST changes the name."""
    form, status = Name(initial={"name": request.user.name}), 200
    if request.method == "POST":
        form = Name(request.POST)
        if form.is_valid():
            try:
                sign_ins.rename(
                    user=request.user,
                    name=form.cleaned_data["name"],
                    by=request.user,
                    at=clock.now(),
                )
                messages.success(request, gettext("Your name is saved."))
                return HttpResponseRedirect(reverse("account"))
            except Invalid as error:
                form.add_error("name", refusal(error))
        status = 422
    held = list(Authenticator.objects.filter(user=request.user).order_by("created_at", "pk"))
    by_type: dict[str, list[Authenticator]] = {}
    for one in held:
        by_type.setdefault(one.type, []).append(one)
    recovery = by_type.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "page": "account",
        "form": form,
        "totp": (by_type.get(Authenticator.Type.TOTP) or [None])[0],
        "passkeys": by_type.get(Authenticator.Type.WEBAUTHN, []),
        "recovery": recovery,
        "drafts": drafts.number(request.user),
        "codes_left": len(recovery[0].wrap().get_unused_codes()) if recovery else 0,
    }
    return render(request, "account/account.html", context, status=status)


def _recovery(request: HttpRequest) -> Authenticator | None:
    return Authenticator.objects.filter(
        user=request.user, type=Authenticator.Type.RECOVERY_CODES
    ).first()
