"""What somebody is told of, how and when; and what alerts a pledge will cause."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import alert_settings as settings_of
from tracker.actions import outbox, subscriptions
from tracker.domain import access as rules
from tracker.domain import durations
from tracker.domain.errors import DomainError, NotFound
from tracker.domain.flags import STANDARD_LEADS, lead_name
from tracker.models import (
    Alert,
    AlertSettings,
    Dossier,
    Party,
    Pledge,
    SavedView,
    Snooze,
    Subscription,
)
from tracker.selectors import access, saved_views, webhooks
from tracker.selectors import alerts as reading
from tracker.selectors.explained import explain
from tracker.selectors.forecasts import forecast
from tracker.web.forms.watching import AlertSettingsForm, SnoozeForm, WatchForm
from tracker.web.pages import SignedIn, writes
from tracker.web.views.alerts import acknowledge

AHEAD = timedelta(days=90)
SHOWN = 200
FIELDS = (
    "by_mail",
    "by_mention",
    "by_proposal",
    "rhythm",
    "hour",
    "weekday",
    "zone",
    "quiet_from",
    "quiet_until",
)


@writes
def alert_settings(request: SignedIn) -> HttpResponse:
    """How and when one is told; one's subscriptions; a test message."""
    held = AlertSettings.objects.filter(user=request.user).first() or AlertSettings()
    form = AlertSettingsForm(initial={name: getattr(held, name) for name in FIELDS})
    status = 200
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("deed", ""))
        if deed is not None:
            deed(request)
            return redirect("alert_settings")
        form = AlertSettingsForm(request.POST)
        if _saved(request, form):
            return redirect("alert_settings")
        status = 422
    mine = Subscription.objects.filter(user=request.user, ended_at=None).select_related(
        "pledge", "party", "dossier", "view"
    )
    context = {
        "page": "alert_settings",
        "form": form,
        "held": held,
        "snooze": SnoozeForm(),
        "webhook": webhooks.of(request.user),
        "subscriptions": mine.order_by("pk"),
        "now": clock.now(),
    }
    return render(request, "watching/alert_settings.html", context, status=status)


def _saved(request: SignedIn, form: AlertSettingsForm) -> bool:
    if not form.is_valid():
        return False
    try:
        settings_of.choose(user=request.user, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        form.add_refusal(error)
        return False
    messages.success(request, gettext("Saved. What waits already leaves by the new choice."))
    return True


def _end(request: SignedIn) -> None:
    pk = request.POST.get("subscription", "")
    mine = Subscription.objects.filter(user=request.user)
    row = mine.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 16 else None
    if row is None:
        raise NotFound(gettext("There is no such subscription."))
    subscriptions.end(row=row, at=clock.now())
    messages.success(request, gettext("The subscription is ended."))


def _test(request: SignedIn) -> None:
    outbox.send_test(user=request.user, at=clock.now())
    messages.success(request, gettext("A test message is on its way to %s.") % request.user.email)


def _snooze(request: SignedIn) -> None:
    form = SnoozeForm(request.POST)
    days = form.cleaned_data["for_days"] if form.is_valid() else 0
    at = clock.now()
    until = at + timedelta(days=days) if days else None
    settings_of.snooze(user=request.user, until=until, at=at)
    messages.success(request, gettext("Saved. What waits already leaves by the new choice."))


def _try_again(request: SignedIn) -> None:
    settings_of.try_address_again(user=request.user, at=clock.now())
    messages.success(request, gettext("Mail goes to %s again.") % request.user.email)


DEEDS: dict[str, Callable[[SignedIn], None]] = {
    "end": _end,
    "snooze": _snooze,
    "test": _test,
    "try-again": _try_again,
}


@writes
def pledge_watch(request: SignedIn, ref: str) -> HttpResponse:
    found = _pledge(request, ref)
    if found.merged_into is not None:
        return redirect("pledge_watch", found.merged_into.ref)
    return _watch(request, found, "pledge", ref)


@writes
def dossier_watch(request: SignedIn, slug: str) -> HttpResponse:
    return _watch(request, access.dossier(access.viewer(request.user), slug), "dossier", slug)


@writes
def party_watch(request: SignedIn, slug: str) -> HttpResponse:
    found = Party.objects.filter(slug=slug).select_related("merged_into").first()
    if found is None:
        raise NotFound(gettext("There is no such party."))
    if found.merged_into is not None:
        return redirect("party_watch", found.merged_into.slug)
    return _watch(request, found, "party", slug)


@writes
def view_watch(request: SignedIn, uid: UUID) -> HttpResponse:
    return _watch(request, saved_views.shown(request.user, uid), "view", str(uid))


def _watch(
    request: SignedIn, target: Pledge | Dossier | Party | SavedView, noun: str, key: str
) -> HttpResponse:
    """Be told of it, of some kinds or all; or no longer."""
    holding = subscriptions.standing(user=request.user, target=target)
    held = next(iter(holding), None)
    form = WatchForm(
        request.POST if request.method == "POST" else None,
        initial={"kinds": held.kinds, "leads": held.leads} if held and not held.is_mute else None,
    )
    if request.method == "POST":
        at = clock.now()
        deed = request.POST.get("deed", "")
        if deed == "mute" and isinstance(target, Pledge):
            subscriptions.mute(user=request.user, pledge=target, at=at)
            messages.success(request, gettext("Muted: you are told nothing of it."))
            return redirect(noun, key)
        if deed == "snooze" and isinstance(target, Pledge):
            _snooze_pledge(request, target, at)
            return redirect(noun, key)
        if deed == "end" and held is not None:
            for one in holding:
                subscriptions.end(row=one, at=at)
            messages.success(request, gettext("The subscription is ended."))
            return redirect(noun, key)
        if form.is_valid():
            subscriptions.subscribe(user=request.user, target=target, at=at, **form.cleaned_data)
            messages.success(request, gettext("You are told of it from now on."))
            return redirect(noun, key)
    context = {
        "page": "watch",
        "form": form,
        "held": held,
        "noun": noun,
        "key": key,
        "title": str(getattr(target, "title", "") or getattr(target, "name", "")),
    }
    if isinstance(target, Pledge):
        at = clock.now()
        snoozed = Snooze.objects.filter(user=request.user, pledge=target, until__gt=at).first()
        context |= {
            "snooze": SnoozeForm(),
            "snoozed_until": snoozed.until if snoozed is not None else None,
            "own_leads": own_leads(target),
        }
    return render(request, "watching/watch.html", context, status=422 if form.errors else 200)


def _snooze_pledge(request: SignedIn, pledge: Pledge, at: datetime) -> None:
    form = SnoozeForm(request.POST)
    days = form.cleaned_data["for_days"] if form.is_valid() else 0
    until = at + timedelta(days=days) if days else None
    settings_of.snooze_pledge(user=request.user, pledge=pledge, until=until, at=at)
    said = (
        gettext("Nothing of it leaves to you until then. It is watched on all the same.")
        if until is not None
        else gettext("You are told of it at once again.")
    )
    messages.success(request, said)


def own_leads(pledge: Pledge) -> list[str]:
    """The lead times that the pledge sets itself and that no choice of leads leaves out."""
    names = [lead_name(durations.parse(lead).nominal) for lead in pledge.leads or ()]
    return [name for name in names if name not in STANDARD_LEADS]


@writes
def pledge_alerts(request: SignedIn, ref: str) -> HttpResponse:
    """The alerts that a pledge will cause, and those that it has, for the dossier's members.

    A POST acknowledges one's own: those that are ticked, or all that are open.
    """
    pledge = _pledge(request, ref)
    viewer = access.viewer(request.user)
    rules.check_inspect(viewer, access.door(pledge.dossier))
    at = clock.now()
    mine = reading.mine(request.user, is_open=True).filter(pledge=pledge)
    if request.method == "POST":
        acknowledge(request, mine)
        return redirect("pledge_alerts", ref)
    coming = forecast(at=at, until=at + AHEAD, pledges=[pledge.pk])
    sent = Alert.objects.filter(pledge=pledge).select_related(
        "recipient", "message", "acknowledged_by"
    )
    context = {
        "page": "pledge_alerts",
        "pledge": pledge,
        "coming": coming[:SHOWN],
        "more": max(len(coming) - SHOWN, 0),
        "sent": sent.order_by("-owed_at", "-pk")[:SHOWN],
        "open_ones": set(mine.values_list("pk", flat=True)),
        "explained": explain(request.user, pledge, at=at)[:SHOWN],
        "now": at,
    }
    return render(request, "watching/pledge_alerts.html", context)


def _pledge(request: HttpRequest, ref: str) -> Pledge:
    found = Pledge.objects.filter(ref=ref).select_related("dossier", "merged_into").first()
    viewer = access.viewer(request.user)
    if found is None:
        raise NotFound(gettext("There is no such pledge."))
    rules.check_see(viewer, access.door(found.dossier))
    return found
