"""The addresses of the pages. One name, one view, one template stem."""

from django.urls import path

from .views.boards import board
from .views.dossiers import dossier
from .views.facts import fact, fact_deed, fact_edit, fact_new, facts
from .views.parties import party
from .views.people import sign_in, sign_out
from .views.pledges import pledge
from .views.sources import source

urlpatterns = [
    path("", board, name="board"),
    path("dossiers/<str:slug>/", dossier, name="dossier"),
    path("dossiers/<str:dossier>/facts/", facts, name="facts"),
    path("dossiers/<str:dossier>/facts/<str:noun>/", facts, name="facts_of"),
    path("dossiers/<str:dossier>/facts/<str:noun>/new/", fact_new, name="fact_new"),
    path("dossiers/<str:dossier>/facts/<str:noun>/<str:key>/", fact, name="fact"),
    path("dossiers/<str:dossier>/facts/<str:noun>/<str:key>/edit/", fact_edit, name="fact_edit"),
    path(
        "dossiers/<str:dossier>/facts/<str:noun>/<str:key>/<str:deed>/", fact_deed, name="fact_deed"
    ),
    path("pledges/<str:ref>/", pledge, name="pledge"),
    path("parties/<str:slug>/", party, name="party"),
    path("sources/<str:dossier>/<str:key>/", source, name="source"),
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
]
