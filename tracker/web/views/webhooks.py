"""One's own webhook: its address, its secret (shown once), a test, and what came of the latest."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import outbox, webhooks
from tracker.domain.errors import DomainError, NotFound
from tracker.models import Webhook
from tracker.selectors import webhooks as reading
from tracker.selectors.audience import WEBHOOK
from tracker.web.forms.watching import WebhookForm
from tracker.web.pages import SignedIn, writes


@writes
def webhook(request: SignedIn) -> HttpResponse:
    """A secret is in the answer to the form that made it, and nowhere else."""
    held = reading.of(request.user)
    form = WebhookForm(initial={"address": held.address if held is not None else ""})
    if request.method != "POST":
        return _page(request, held, form)
    match request.POST.get("deed", ""):
        case "renew":
            secret = webhooks.renew_secret(user=request.user)
            return _page(request, held, form, secret=secret)
        case "remove":
            webhooks.remove(user=request.user)
            messages.success(request, gettext("The webhook is removed. Nothing is sent there."))
        case "try-again":
            webhooks.try_again(user=request.user)
            messages.success(request, gettext("Alerts go there again."))
        case "test":
            _test(request, held)
        case _:
            return _save(request, held)
    return redirect("webhook")


def _save(request: SignedIn, held: Webhook | None) -> HttpResponse:
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form, status=422)
    try:
        secret = webhooks.point(user=request.user, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        form.add_refusal(error)
        return _page(request, held, form, status=422)
    if secret:
        return _page(request, reading.of(request.user), form, secret=secret)
    messages.success(request, gettext("Saved. The secret is still the same."))
    return redirect("webhook")


def _test(request: SignedIn, held: Webhook | None) -> None:
    if held is None:
        raise NotFound("There is no webhook.")
    outbox.send_test(user=request.user, channel=WEBHOOK, at=clock.now())
    messages.success(
        request, gettext("A test is on its way. Load this page again to see what came of it.")
    )


def _page(
    request: SignedIn,
    held: Webhook | None,
    form: WebhookForm,
    *,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": "webhook",
        "held": held,
        "form": form,
        "secret": secret,
        "attempts": reading.attempts(request.user),
    }
    return render(request, "watching/webhook.html", context, status=status)
