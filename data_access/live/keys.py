"""The names under one prefix of Redis, and the script that changes all of them at once."""

from dataclasses import dataclass

from dashboard.frames import SECTIONS


@dataclass(frozen=True)
class Keys:
    """`epoch` names this life of the cache, `seq` counts its batches, `tokens` holds each
    department's newest fencing token, `changes` is the stream; each section is a hash."""

    prefix: str

    @property
    def epoch(self) -> str:
        return f"{self.prefix}:epoch"

    @property
    def seq(self) -> str:
        return f"{self.prefix}:seq"

    @property
    def tokens(self) -> str:
        return f"{self.prefix}:tokens"

    @property
    def changes(self) -> str:
        return f"{self.prefix}:changes"

    def section(self, name: str) -> str:
        """The hash of a section: key → JSON."""
        return f"{self.prefix}:{name}"

    @property
    def sections(self) -> tuple[str, ...]:
        """The hashes in the order of `frames.SECTIONS`."""
        return tuple(self.section(name) for name in SECTIONS)


FENCED = b"fenced"
PUBLISH = """
-- KEYS: epoch, seq, tokens, changes, then one hash per section of the batch.
-- ARGV: department, token, epoch to begin with, stream length, batch as JSON; then per section:
--       how many entries are set, key and JSON of each, how many are removed, key of each.
local held = tonumber(redis.call('HGET', KEYS[3], ARGV[1]) or '0')
if held > tonumber(ARGV[2]) then return {'fenced', tostring(held)} end
redis.call('SET', KEYS[1], ARGV[3], 'NX')
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
local at = 6
for section = 5, #KEYS do
  local sets = tonumber(ARGV[at])
  for _ = 1, sets do
    redis.call('HSET', KEYS[section], ARGV[at + 1], ARGV[at + 2])
    at = at + 2
  end
  at = at + 1
  local removals = tonumber(ARGV[at])
  for _ = 1, removals do
    redis.call('HDEL', KEYS[section], ARGV[at + 1])
    at = at + 1
  end
  at = at + 1
end
local epoch = redis.call('GET', KEYS[1])
local seq = redis.call('INCR', KEYS[2])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 'epoch', epoch, 'seq', seq, 'batch', ARGV[5])
return {epoch, tostring(seq)}
"""
"""Runs whole or not at all as every other client sees it, which MULTI cannot do with a fence."""
