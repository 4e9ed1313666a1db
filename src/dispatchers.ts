import { lookup as systemLookup } from "node:dns";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { isPublicAddress } from "./guard.ts";
import { SourceError } from "./sources/source.ts";

/** The connections behind the door. */
export interface Dispatchers {
	/** For a host that is exempt from the guard, or for all others. */
	of(exempt: boolean): Promise<Dispatcher>;
	close(): Promise<void>;
}

const CONNECT_DEADLINE = 10_000;
/** Connections to one host at a time: as polite as a browser, however many sources it has. */
const PER_HOST = 4;
/** How long an idle connection is kept, in milliseconds, and for how long at most where the host says more: ten thousand hosts must not keep ten thousand sockets. */
const IDLE = { usual: 4_000, longest: 15_000 } as const;

/** Makes connections on demand, guarded at the moment of connecting: whatever a name resolves to then is what is checked, so a second answer of DNS cannot slip by. */
export function dispatchers(options: { readonly proxyUrl?: string; readonly lookup?: LookupFunction }): Dispatchers {
	const made = new Map<boolean | "proxy", Promise<Dispatcher>>();

	async function make(kind: boolean | "proxy"): Promise<Dispatcher> {
		const { Agent, ProxyAgent, Socks5ProxyAgent } = await import("undici");
		const proxy = options.proxyUrl;
		if (proxy !== undefined) {
			if (/^socks/i.test(proxy)) return new Socks5ProxyAgent(proxy.replace(/^socks5?h?:/i, "socks5:"));
			return new ProxyAgent({ uri: proxy, proxyTunnel: false });
		}
		const resolve = options.lookup ?? (systemLookup as LookupFunction);
		return new Agent({
			connections: PER_HOST,
			keepAliveTimeout: IDLE.usual,
			keepAliveMaxTimeout: IDLE.longest,
			connect: {
				lookup: kind ? resolve : guarded(resolve),
				timeout: CONNECT_DEADLINE,
			},
		});
	}

	return {
		of(exempt) {
			const kind = options.proxyUrl === undefined ? exempt : "proxy";
			const existing = made.get(kind) ?? make(kind);
			made.set(kind, existing);
			return existing;
		},
		async close() {
			const all = [...made.values()];
			made.clear();
			await Promise.all(all.map(async (dispatcher) => (await dispatcher).destroy()));
		},
	};
}

function guarded(resolve: LookupFunction): LookupFunction {
	return (hostname, options, done) => {
		resolve(hostname, { ...options, all: true }, (error, result) => {
			if (error) return done(error, "", 0);
			const addresses = Array.isArray(result) ? (result as LookupAddress[]) : [];
			const [first] = addresses;
			if (!first || addresses.some(({ address }) => !isPublicAddress(address))) {
				const reason = first ? "its name leads to a private address" : "its name leads nowhere";
				const hint = "A host of your own can be allowed with ALLOW_PRIVATE_HOSTS.";
				return done(new SourceError("forbidden", `${hostname} is not fetched: ${reason}. ${hint}`), "", 0);
			}
			return options.all ? done(null, addresses) : done(null, first.address, first.family);
		});
	};
}
