"""The addresses of the pages. One name, one view, one template stem."""

from django.conf import settings
from django.urls import include, path

from .views.alerts import alert, alerts
from .views.boards import board
from .views.bulk import pledge_bulk
from .views.bundles import pledge_bundle, pledge_evidence
from .views.compliance import (
    dossier_compliance,
    dossier_numbers,
    pledge_compliance,
    pledge_numbers,
)
from .views.dossiers import dossier, dossier_edit, dossier_new
from .views.drafts import draft, draft_save, draft_state, drafts_page
from .views.facts import fact, fact_deed, fact_edit, fact_new, facts
from .views.freshness import dossier_freshness
from .views.imports import import_file, import_new, import_one, import_undo, imports
from .views.invitations import invitation
from .views.keys import keys
from .views.looks import look
from .views.mail_links import mail_acknowledge, mail_leave
from .views.mailbox import (
    mailbox,
    mailbox_attachment,
    mailbox_empty,
    mailbox_html,
    mailbox_message,
    mailbox_raw,
)
from .views.matches import matches
from .views.members import dossier_invitation, member, member_end, members
from .views.merges import party_merge, party_part, pledge_merge
from .views.news import news
from .views.own_data import account_data, account_erasure
from .views.parties import member_edit, member_new, party, party_edit, party_new
from .views.persons import people, person, person_deactivate, person_deed
from .views.pledge_entries import pledge_new
from .views.pledges import pledge
from .views.previews import term_preview
from .views.proposals import proposal, proposal_queue
from .views.queues import contested_queue, expired_queue, unverified_queue
from .views.reviews import review_queue
from .views.saved_views import view, view_edit, view_new, views
from .views.searches import search
from .views.source_entries import source_new
from .views.source_versions import source_difference, source_file
from .views.sources import source, source_quote
from .views.suggestions import source_suggestions
from .views.times import time
from .views.undelivered import undelivered
from .views.undo import undo
from .views.watching import (
    alert_settings,
    dossier_watch,
    party_watch,
    pledge_alerts,
    pledge_watch,
    view_watch,
)
from .views.webhooks import webhook

urlpatterns = [
    path("", board, name="board"),
    path("keys/", keys, name="keys"),
    path("look/", look, name="look"),
    path("news/", news, name="news"),
    path("search/", search, name="search"),
    path("dossiers/new/", dossier_new, name="dossier_new"),
    path("dossiers/<str:slug>/", dossier, name="dossier"),
    path("dossiers/<str:slug>/edit/", dossier_edit, name="dossier_edit"),
    path("dossiers/<str:slug>/compliance/", dossier_compliance, name="dossier_compliance"),
    path("dossiers/<str:slug>/compliance/numbers.csv", dossier_numbers, name="dossier_numbers"),
    path("dossiers/<str:slug>/freshness/", dossier_freshness, name="dossier_freshness"),
    path("dossiers/<str:dossier>/facts/", facts, name="facts"),
    path("dossiers/<str:dossier>/facts/<str:noun>/", facts, name="facts_of"),
    # Before that of all nouns: a source's text may be fetched, or read from a file.
    path("dossiers/<str:dossier>/facts/source/new/", source_new, name="source_new"),
    path("dossiers/<str:dossier>/facts/<str:noun>/new/", fact_new, name="fact_new"),
    path("dossiers/<str:dossier>/facts/<str:noun>/<str:key>/", fact, name="fact"),
    path("dossiers/<str:dossier>/facts/<str:noun>/<str:key>/edit/", fact_edit, name="fact_edit"),
    path(
        "dossiers/<str:dossier>/facts/<str:noun>/<str:key>/<str:deed>/", fact_deed, name="fact_deed"
    ),
    path("dossiers/<str:dossier>/term/", term_preview, name="term_preview"),
    path("times/", time, name="time"),
    path("dossiers/<str:dossier>/matches/", matches, name="matches"),
    path("imports/", imports, name="imports"),
    path("imports/new/", import_new, name="import_new"),
    path("imports/<uuid:uid>/", import_one, name="import_one"),
    path("imports/<uuid:uid>/undo/", import_undo, name="import_undo"),
    path("imports/<uuid:uid>/file/", import_file, name="import_file"),
    path("dossiers/<str:slug>/watch/", dossier_watch, name="dossier_watch"),
    path("pledges/new/", pledge_new, name="pledge_new"),
    path("pledges/bulk/", pledge_bulk, name="pledge_bulk"),
    path("pledges/<str:ref>/", pledge, name="pledge"),
    path("pledges/<str:ref>/compliance/", pledge_compliance, name="pledge_compliance"),
    path("pledges/<str:ref>/compliance/numbers.csv", pledge_numbers, name="pledge_numbers"),
    path("pledges/<str:ref>/watch/", pledge_watch, name="pledge_watch"),
    path("pledges/<str:ref>/merge/", pledge_merge, name="pledge_merge"),
    path("pledges/<str:ref>/alerts/", pledge_alerts, name="pledge_alerts"),
    path("pledges/<str:ref>/bundle/", pledge_bundle, name="pledge_bundle"),
    path("pledges/<str:ref>/evidence.zip", pledge_evidence, name="pledge_evidence"),
    path("parties/new/", party_new, name="party_new"),
    path("parties/<str:slug>/", party, name="party"),
    path("parties/<str:slug>/watch/", party_watch, name="party_watch"),
    path("parties/<str:slug>/edit/", party_edit, name="party_edit"),
    path("parties/<str:slug>/merge/", party_merge, name="party_merge"),
    path("parties/<str:slug>/part/", party_part, name="party_part"),
    path("parties/<str:slug>/members/new/", member_new, name="coalition_member_new"),
    path("parties/<str:slug>/members/<str:key>/", member_edit, name="coalition_member_edit"),
    path("sources/<str:dossier>/<str:key>/", source, name="source"),
    path("sources/<str:dossier>/<str:key>/quote/", source_quote, name="source_quote"),
    path(
        "sources/<str:dossier>/<str:key>/suggestions/",
        source_suggestions,
        name="source_suggestions",
    ),
    path("sources/<str:dossier>/<str:key>/file/", source_file, name="source_file"),
    path(
        "sources/<str:dossier>/<str:key>/difference/", source_difference, name="source_difference"
    ),
    path("dossiers/<str:slug>/members/", members, name="members"),
    path("dossiers/<str:slug>/members/<uuid:uid>/", member, name="member"),
    path("dossiers/<str:slug>/members/<uuid:uid>/end/", member_end, name="member_end"),
    path(
        "dossiers/<str:slug>/invitations/<uuid:uid>/",
        dossier_invitation,
        name="dossier_invitation",
    ),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("mail/<str:token>/unsubscribe/", mail_leave, name="mail_leave"),
    path("mail/<str:token>/acknowledge/", mail_acknowledge, name="mail_acknowledge"),
    path("queues/unverified/", unverified_queue, name="unverified_queue"),
    path("queues/expired/", expired_queue, name="expired_queue"),
    path("queues/contested/", contested_queue, name="contested_queue"),
    path("queues/review/", review_queue, name="review_queue"),
    path("queues/proposals/", proposal_queue, name="proposal_queue"),
    path("proposals/<uuid:uid>/", proposal, name="proposal"),
    path("drafts/", drafts_page, name="drafts"),
    path("drafts/save/", draft_save, name="draft_save"),
    path("drafts/state/", draft_state, name="draft_state"),
    path("drafts/<uuid:uid>/", draft, name="draft"),
    path("undo/<str:chain>/<int:first>/<int:last>/", undo, name="undo"),
    path("alerts/", alerts, name="alerts"),
    path("alerts/<int:pk>/", alert, name="alert"),
    path("settings/alerts/", alert_settings, name="alert_settings"),
    path("settings/alerts/webhook/", webhook, name="webhook"),
    path("views/", views, name="views"),
    path("views/new/", view_new, name="view_new"),
    path("views/<uuid:uid>/", view, name="view"),
    path("views/<uuid:uid>/edit/", view_edit, name="view_edit"),
    path("views/<uuid:uid>/watch/", view_watch, name="view_watch"),
    path("people/", people, name="people"),
    path("people/undelivered/", undelivered, name="undelivered"),
    path("people/<uuid:uid>/", person, name="person"),
    path("people/<uuid:uid>/deactivate/", person_deactivate, name="person_deactivate"),
    path("people/<uuid:uid>/<str:deed>/", person_deed, name="person_deed"),
    path("account/data/", account_data, name="account_data"),
    path("account/erasure/", account_erasure, name="account_erasure"),
    path("", include("tracker.web.sign_in_urls")),
]

if settings.MAILBOX_DIR:  # local use only
    urlpatterns += [
        path("mailbox/", mailbox, name="mailbox"),
        path("mailbox/empty/", mailbox_empty, name="mailbox_empty"),
        path("mailbox/<str:name>/", mailbox_message, name="mailbox_message"),
        path("mailbox/<str:name>/html/", mailbox_html, name="mailbox_html"),
        path("mailbox/<str:name>/raw/", mailbox_raw, name="mailbox_raw"),
        path(
            "mailbox/<str:name>/attachments/<int:number>/",
            mailbox_attachment,
            name="mailbox_attachment",
        ),
    ]
