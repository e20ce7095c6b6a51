"""The addresses of the pages. One name, one view, one template stem."""

from django.urls import path

from .views.boards import board
from .views.dossiers import dossier
from .views.parties import party
from .views.people import sign_in, sign_out
from .views.pledges import pledge
from .views.sources import source

urlpatterns = [
    path("", board, name="board"),
    path("dossiers/<str:slug>/", dossier, name="dossier"),
    path("pledges/<str:ref>/", pledge, name="pledge"),
    path("parties/<str:slug>/", party, name="party"),
    path("sources/<str:dossier>/<str:key>/", source, name="source"),
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
]
