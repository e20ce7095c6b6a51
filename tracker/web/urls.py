"""The addresses of the pages. One name, one view, one template stem."""

from django.urls import include, path

from .views.boards import board
from .views.dossiers import dossier
from .views.parties import party
from .views.pledges import pledge
from .views.sources import source

urlpatterns = [
    path("", board, name="board"),
    path("dossiers/<str:slug>/", dossier, name="dossier"),
    path("pledges/<str:ref>/", pledge, name="pledge"),
    path("parties/<str:slug>/", party, name="party"),
    path("sources/<str:dossier>/<str:key>/", source, name="source"),
    path("", include("tracker.web.sign_in_urls")),
]
