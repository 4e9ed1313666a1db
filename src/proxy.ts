import type { Agent } from "node:http";

/** An agent that reaches Telegram and Twitter through a proxy (http, https, socks5); undefined without one. */
export async function proxyAgent(url: string | undefined): Promise<Agent | undefined> {
	if (url === undefined) return undefined;
	if (url.startsWith("socks")) return new (await import("socks-proxy-agent")).SocksProxyAgent(url);
	return new (await import("https-proxy-agent")).HttpsProxyAgent(url);
}
