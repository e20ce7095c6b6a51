"""Error pages help, and stand on their own when all else fails."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults


@pytest.mark.django_db
def test_404_says_what_may_be_the_matter(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    shown = response.content.decode()
    assert "There is no such page" in shown
    assert "sign in first" in shown
    assert 'href="/"' in shown


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_each_stands_without_request_user_or_database(name: str) -> None:
    shown = render_to_string(f"{name}.html")
    assert "To the board" in shown
    assert "<h1>" in shown


def test_500_and_400_are_rendered_by_name() -> None:
    request = RequestFactory().get("/")
    assert defaults.server_error(request).status_code == 500
    assert b"on our side" in defaults.server_error(request).content
    assert defaults.bad_request(request, ValueError()).status_code == 400
