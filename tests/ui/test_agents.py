"""The endpoints as tools of an agent, over MCP."""

import asyncio
import re
from contextlib import asynccontextmanager

import httpx
import pytest

pytest.importorskip("mcp", reason='pip install "gradio[mcp]" for agents')

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from .standing import standing
from .test_app import PARAMETERS


@pytest.fixture
def clip(address, tmp_path):
    """The link of a keypoints file that was uploaded."""
    standing(12).save(tmp_path / "clip.npz")
    files = {"files": ("clip.npz", (tmp_path / "clip.npz").read_bytes())}
    (path,) = httpx.post(f"{address}/gradio_api/upload", files=files, timeout=60).json()
    return f"{address}/gradio_api/file={path}"


@asynccontextmanager
async def agent(address: str):
    async with (
        streamable_http_client(f"{address}/gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


def test_every_endpoint_is_a_tool_whose_arguments_are_described_in_whole_sentences(address):
    async def listed():
        async with agent(address) as session:
            return (await session.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == set(PARAMETERS)
    for name, tool in tools.items():
        described = tool.inputSchema["properties"]
        assert list(described) == PARAMETERS[name] and len(tool.description) > 60
        assert all(each["description"].endswith(".") for each in described.values()), described


def test_an_agent_captures_and_goes_on_with_what_it_got(address, clip):
    async def worked():
        async with agent(address) as session:
            captured = await session.call_tool("capture", {"keypoints": clip, "num_inference_steps": 2})
            motion = re.search(r"http[^']*\.npz", str(captured.content))[0]
            return captured, await session.call_tool("complete", {"motion": motion, "keep": "0:4"})

    captured, completed = asyncio.run(worked())
    assert not captured.isError and "Imagining the motion" in str(captured.content)
    assert not completed.isError and "keeps 4 of 12 frames" in str(completed.content)


@pytest.mark.parametrize(("arguments", "words"), [({}, "no video yet"), ({"hypotheses": 99}, "99")])
def test_an_agent_reads_what_to_do(address, arguments, words):
    async def refused():
        async with agent(address) as session:
            return await session.call_tool("capture", arguments)

    answer = asyncio.run(refused())
    assert answer.isError and re.search(words, str(answer.content))
