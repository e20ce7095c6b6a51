"""The addresses of signing in and of one's account, under the names that allauth looks for.

What of allauth is not listed here is not served: there is no sign-up.
"""

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path, reverse_lazy
from django.views.decorators.http import require_GET

from .views.sign_ins import (
    ReauthenticateByPasskey,
    RecoveryCodes,
    SignInByPasskey,
    account,
    confirm_email,
    download_recovery_codes,
    first_password,
    for_anybody,
    for_oneself,
    of_reset_link,
    one_more_step,
    to_account,
    totp_picture,
)

own = reverse_lazy("account")

urlpatterns = [
    path(
        "sign-in/",
        for_anybody(accounts.LoginView.as_view(extra_context={"page": "account_login"})),
        name="account_login",
    ),
    path("sign-in/code/", for_anybody(one_more_step), name="mfa_authenticate"),
    path("sign-in/passkey/", for_anybody(SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path("sign-out/", for_anybody(accounts.logout), name="account_logout"),
    path("new-password/", for_anybody(accounts.password_reset), name="account_reset_password"),
    path(
        "new-password/sent/",
        for_anybody(accounts.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "new-password/set/",
        for_anybody(accounts.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        for_anybody(accounts.password_reset_from_key, whose=of_reset_link),
        name="account_reset_password_from_key",
    ),
    path("confirm-address/<str:token>/", confirm_email, name="account_confirm_email"),
    path("account/", account, name="account"),
    path("account/e-mail/", for_oneself(accounts.email), name="account_email"),
    path(
        "account/password/", for_oneself(accounts.password_change), name="account_change_password"
    ),
    path("account/password/first/", for_oneself(first_password), name="account_set_password"),
    path(
        "account/again/",
        for_oneself(accounts.reauthenticate, changes=False),
        name="account_reauthenticate",
    ),
    path(
        "account/again/code/",
        for_oneself(factors.reauthenticate, changes=False),
        name="mfa_reauthenticate",
    ),
    path(
        "account/again/passkey/",
        for_oneself(ReauthenticateByPasskey.as_view(), changes=False),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/factors/", for_oneself(to_account, changes=False), name="mfa_index"),
    path("account/app/", for_oneself(totp.activate_totp), name="mfa_activate_totp"),
    path("account/app/picture.svg", totp_picture, name="mfa_totp_picture"),
    path(
        "account/app/remove/",
        for_oneself(totp.DeactivateTOTPView.as_view(success_url=own)),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/recovery-codes/",
        require_GET(for_oneself(RecoveryCodes.as_view())),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/recovery-codes/new/",
        for_oneself(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/recovery-codes/recovery-codes.txt",
        download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys/", for_oneself(to_account, changes=False), name="mfa_list_webauthn"),
    path("account/passkeys/add/", for_oneself(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/",
        for_oneself(passkeys.EditWebAuthnView.as_view(success_url=own)),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/remove/",
        for_oneself(passkeys.RemoveWebAuthnView.as_view(success_url=own)),
        name="mfa_remove_webauthn",
    ),
]
