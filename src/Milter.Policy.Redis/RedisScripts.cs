namespace Milter.Policy;

/// <summary>What runs in the server, so that each operation is atomic. Each takes one key; a clock of -1 is the server's. Numbers come and go as text, since Lua's are doubles that Redis cuts.</summary>
internal static class RedisScripts
{
    private const string Now = """
        local now = tonumber(ARGV[1])
        if now < 0 then local t = redis.call('TIME') now = t[1] * 1000 + math.floor(t[2] / 1000) end
        local function text(n) return string.format('%.0f', n) end

        """;

    /// <summary>ARGV: now, minimum age, keep, passes of a first sighting, keep of a first sighting.</summary>
    public const string See = Now + """
        local age, keep, passes0, keep0 = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
        local r = redis.call('HMGET', KEYS[1], 'f', 'l', 't', 'p', 'x')
        local f, l, t, p, x = tonumber(r[1]), tonumber(r[2]), tonumber(r[3]), tonumber(r[4]), tonumber(r[5])
        if not x or x <= now then
          f, l, t, p, x = now, now, 1, passes0, now + keep0
        else
          l = math.max(l, now)
          t = t + 1
          if p > 0 or now >= f + age then p = p + 1 x = now + keep end
        end
        redis.call('HSET', KEYS[1], 'f', text(f), 'l', text(l), 't', text(t), 'p', text(p), 'x', text(x))
        redis.call('PEXPIRE', KEYS[1], text(math.max(1, x - now)))
        return { text(f), text(l), text(t), text(p), text(x) }
        """;

    /// <summary>ARGV: now.</summary>
    public const string Find = Now + """
        local r = redis.call('HMGET', KEYS[1], 'f', 'l', 't', 'p', 'x')
        if not r[5] or tonumber(r[5]) <= now then return {} end
        return r
        """;

    /// <summary>ARGV: now, passes, keep.</summary>
    public const string Put = Now + """
        redis.call('HSET', KEYS[1], 'f', text(now), 'l', text(now), 't', '1', 'p', ARGV[2], 'x', text(now + tonumber(ARGV[3])))
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return {}
        """;

    /// <summary>ARGV: now, permits, limit, window.</summary>
    public const string Count = Now + """
        local n, limit, window = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local r = redis.call('HMGET', KEYS[1], 'n', 'x')
        local total, x = tonumber(r[1]), tonumber(r[2])
        if not x or x <= now then total, x = 0, now + window end
        local taken = n <= 0 or total + n <= limit
        if taken then
          total = math.max(0, total + n)
          redis.call('HSET', KEYS[1], 'n', text(total), 'x', text(x))
          redis.call('PEXPIRE', KEYS[1], text(math.max(1, x - now)))
        end
        return { taken and '1' or '0', text(total), text(x - now) }
        """;

    /// <summary>ARGV: now.</summary>
    public const string Forget = Now + """
        local x = tonumber(redis.call('HGET', KEYS[1], 'x') or '0')
        redis.call('DEL', KEYS[1])
        return { x > now and '1' or '0' }
        """;

    /// <summary>ARGV: now. All of a key that has not expired.</summary>
    public const string Read = Now + """
        local r = redis.call('HMGET', KEYS[1], 'f', 'l', 't', 'p', 'x', 'n')
        if not r[5] or tonumber(r[5]) <= now then return {} end
        return { r[1] or '0', r[2] or '0', r[3] or '0', r[4] or '0', r[5], r[6] or '0' }
        """;
}
