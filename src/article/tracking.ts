/**
 * Query parameters that say where a reader came from and never which article is meant, as one pattern for the whole name.
 * Only names that no site uses to pick a page: `id`, `p`, `page`, `article`, `source` stay out of it.
 */
const TRACKING = new RegExp(
	`^(?:${[
		// campaigns: Google, Matomo, HubSpot, Marketo, Mailchimp, AT Internet, Adobe, Webtrekk
		"utm(?:_.*)?|utm-.*|mtm(?:_.*)?|pk_.*|piwik_.*|matomo_.*|ga_.*|otm_.*|itm_.*|hsa_.*|hmb_.*|mc_.*|at_(?:medium|campaign|custom.*)|xtor|s_cid|wt_?z?mc|wtrid|[a-z]?mc",
		"_hsenc|_hsmi|__hs(?:tc|sc|fp)|hsctatracking|mkt_tok|ml_subscriber(?:_hash)?|vero_(?:id|conv)|oly_(?:anon|enc)_id|cmpid|ocid|ncid|tracking_source|vn_.*|echobox",
		// click ids: Google, Facebook, Instagram, Microsoft, X, TikTok, Yandex, LinkedIn, Pinterest, Reddit, Snapchat
		"gclid|gclsrc|dclid|gbraid|wbraid|srsltid|gs_l|_ga|_gl|fbclid|fb_.*|action_(?:object|type|ref)_map|igshid|igsh|msclkid|twclid|ttclid|yclid|ysclid|_openstat|li_fat_id|epik|rdt_cid|sc_cid|rb_clickid|wickedid",
		"__twitter_impression|os_ehash|ceneo_spo|guccounter|guce_.*|__s",
		// referrers
		"ref|ref_|ref_src|ref_url|referrer|spm|share_from|share_source",
	].join("|")})$`,
	"i",
);

/** Whether a query parameter of this name only tracks readers. */
export function isTracking(name: string): boolean {
	return TRACKING.test(name.replace(/^(?:\?|%3f|amp;)+/i, ""));
}
