"""The addresses of the pages. One name, one view, one template stem."""

from django.urls import path

from .views.boards import board
from .views.dossiers import dossier
from .views.invitations import invitation, set_password
from .views.members import dossier_invitation, member, member_end, members
from .views.own_data import account_data, account_erasure
from .views.parties import party
from .views.people import sign_in, sign_out
from .views.persons import people, person, person_deactivate, person_deed
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
    path("dossiers/<str:slug>/members/", members, name="members"),
    path("dossiers/<str:slug>/members/<uuid:uid>/", member, name="member"),
    path("dossiers/<str:slug>/members/<uuid:uid>/end/", member_end, name="member_end"),
    path(
        "dossiers/<str:slug>/invitations/<uuid:uid>/",
        dossier_invitation,
        name="dossier_invitation",
    ),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("set-password/<uuid:uid>/<str:token>/", set_password, name="set_password"),
    path("people/", people, name="people"),
    path("people/<uuid:uid>/", person, name="person"),
    path("people/<uuid:uid>/deactivate/", person_deactivate, name="person_deactivate"),
    path("people/<uuid:uid>/<str:deed>/", person_deed, name="person_deed"),
    path("account/data/", account_data, name="account_data"),
    path("account/erasure/", account_erasure, name="account_erasure"),
]
