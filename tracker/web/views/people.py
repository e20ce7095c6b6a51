"""Signing in and out. Who may do what is decided elsewhere."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tracker.web import attempts
from tracker.web.forms.sign_in import SignIn


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Back to where the visitor came from, if that is a page of ours. A refusal is 422 or 429."""
    wanted = _wanted(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(wanted)
        return _form(request, SignIn(), wanted, 200)
    form = SignIn(request.POST)
    if not form.is_valid():
        return _form(request, form, wanted, 422)
    who = {"email": form.cleaned_data["email"], "address": request.META.get("REMOTE_ADDR", "")}
    if attempts.too_many(**who):
        form.add_error(
            None, gettext("Too many attempts have failed. Try again in a quarter of an hour.")
        )
        return _form(request, form, wanted, 429)
    user = authenticate(request, username=who["email"], password=form.cleaned_data["password"])
    if user is None:
        attempts.failed(**who)
        form.add_error(
            None, gettext("This e-mail and password do not fit. Check both and try again.")
        )
        return _form(request, form, wanted, 422)
    attempts.forget(**who)
    login(request, user)
    return HttpResponseRedirect(wanted)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """POST signs out; GET asks, so that a link or an image cannot do it."""
    if request.method == "POST":
        logout(request)
        return HttpResponseRedirect(reverse("board"))
    return render(request, "people/sign_out.html", {"page": "sign_out"})


def _wanted(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("board")


def _form(request: HttpRequest, form: SignIn, wanted: str, status: int) -> HttpResponse:
    context = {"page": "sign_in", "form": form, "next": wanted}
    return render(request, "people/sign_in.html", context, status=status)
