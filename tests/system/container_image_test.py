"""Images of containers, whose tag or digest may stand in the image's name or in a column of its own."""

import pytest

from ecs_test import define, ecs, newest, revisions  # noqa: F401, ecs is a fixture
from server import plan
from steps import applied, apply, synced

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize("image", ["nginx:1", f"nginx@{DIGEST}", "registry.example:5000/nginx:1"])
def test_what_the_images_name_says_is_not_said_twice(account, ecs, image):
    define(ecs, image=image)
    applied(ecs)
    assert apply(ecs) == []
    synced(ecs)
    assert revisions(account) == [1]
    assert newest(account)["containerDefinitions"][0]["image"] == image
    ecs.execute("UPDATE container_definition SET env_variables = '{\"A\": \"1\"}'")
    assert applied(ecs) == [("update", "task_definition", "web")]
    assert newest(account)["containerDefinitions"][0]["image"] == image


def test_another_tag_in_the_images_name_is_a_change(account, ecs):
    define(ecs, image="nginx:1")
    applied(ecs)
    ecs.execute("UPDATE container_definition SET image = 'nginx:2'")
    assert plan(ecs) == [("update", "task_definition", "web")]
    assert applied(ecs) == [("update", "task_definition", "web")]
    assert newest(account)["containerDefinitions"][0]["image"] == "nginx:2"
