import { addressOf, MONITOR, stranger } from './company.ts';
import { type Diary, type Line, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts';

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 15; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
];
const APP = 'ShopApp/5.2.1 (Android 15; okhttp/4.12.0)';
const SITE = 'https://shop.example';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Visit {
  readonly address: string;
  readonly agent: string;
}

function request(
  { address, agent }: Visit,
  timeMs: number,
  what: string,
  status: number,
  bytes: number,
  referrer = '-',
): Line {
  const date = new Date(timeMs);
  const stamp = `${String(date.getUTCDate()).padStart(2, '0')}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
  return {
    timeMs,
    text: `${address} - - [${stamp}] "${what} HTTP/${agent === APP || agent.startsWith('Moz') ? '2.0' : '1.1'}" ${status} ${bytes} "${referrer}" "${agent}"`,
  };
}

const WORDS = [
  '茶叶',
  '杯子 套装',
  "men's shoes",
  'select tea',
  'union jack mug',
  'C++ 书',
  'order by phone',
  '50% off',
  'script font',
  'a & b',
  'alert clock',
  'sleep mask',
  '礼物 -- 妈妈',
  '1=1 套餐',
  '<3 valentine',
  'drop earrings',
  'ping pong',
  'cat bed',
  'id card holder',
  'passwd book',
];

const shopper: Scene = (random, timeMs) => {
  const visit = { address: stranger(random), agent: random.pick(BROWSERS) };
  const lines: Line[] = [];
  let nowMs = timeMs;
  const get = (path: string, status = 200, bytes = random.integer(400, 60_000), from = `${SITE}/`): void => {
    lines.push(request(visit, nowMs, `GET ${path}`, status, bytes, from));
    nowMs += random.integer(20, 400);
  };
  get(
    '/',
    200,
    15_000,
    random.pick([
      '-',
      'https://www.baidu.com/link?url=9fK',
      'https://www.google.com/',
      'https://servicewechat.com/wx1/12/page-frame.html',
    ]),
  );
  for (const asset of [
    '/static/js/app.3f2a.js',
    '/static/css/main.9d1.css',
    '/static/img/logo.svg',
    '/static/fonts/a.woff2',
  ])
    get(asset, random.happens(0.3) ? 304 : 200);
  if (random.happens(0.2)) get('/favicon.ico', 404, 153);
  if (random.happens(0.1)) get('/apple-touch-icon-precomposed.png', 404, 153);
  for (let page = random.integer(1, 8); page > 0; page--) {
    nowMs += random.integer(3, 60) * SECOND_MS;
    const word = encodeURIComponent(random.pick(WORDS));
    get(
      random.pick([
        `/search?q=${word}&sort=price_asc&page=${random.integer(1, 9)}`,
        `/goods/${random.integer(1, 4000)}.html`,
        `/goods?id=${random.integer(1, 4000)}&color=%23ff0000&size=XL`,
        `/category/tea?filter[price]=10-50&filter[brand][]=a&filter[brand][]=b`,
        `/article/how-to-use-../cups.html`,
        `/help?topic=exec%20delivery`,
      ]),
    );
    for (let image = random.integer(1, 6); image > 0; image--)
      get(`/images/${random.hex(6)}.webp?x-oss-process=image/resize,w_${random.pick([200, 400])}`);
    if (random.happens(0.04)) get(`/old/${random.integer(1, 99)}.asp`, 404, 153);
  }
  if (random.happens(0.3)) {
    nowMs += 20 * SECOND_MS;
    if (random.happens(0.3)) {
      lines.push(request(visit, nowMs, 'POST /api/login', 401, 53, `${SITE}/login`));
      nowMs += random.integer(6, 20) * SECOND_MS;
    }
    lines.push(request(visit, nowMs, 'POST /api/login', 200, 530, `${SITE}/login`));
    lines.push(request(visit, nowMs + SECOND_MS, 'GET /api/cart', 200, 900, `${SITE}/cart`));
    lines.push(request(visit, nowMs + 30 * SECOND_MS, 'POST /api/orders', 201, 320, `${SITE}/checkout`));
    lines.push(
      request(
        visit,
        nowMs + 31 * SECOND_MS,
        `GET /pay/return?sign=${encodeURIComponent(`${random.hex(20)}+/==`)}&trade_no=2026111922001&redirect=${encodeURIComponent(`${SITE}/orders/1`)}`,
        302,
        0,
        'https://openapi.alipay.com/',
      ),
    );
  }
  return lines;
};

const mobileApp: Scene = (random, timeMs) => {
  const visit = { address: stranger(random), agent: APP };
  const paths = [
    'GET /api/v3/home',
    'GET /api/v3/user/profile',
    'GET /api/v3/messages?since=1700000000',
    'POST /api/v3/events',
    'GET /api/v3/goods?ids=1,2,3,4',
    'POST /api/v3/token/refresh',
    'PUT /api/v3/cart/items/12',
    'DELETE /api/v3/cart/items/9',
    'GET /api/v3/coupons',
  ];
  return Array.from({ length: random.integer(4, 25) }, (_, at) => {
    const path = random.pick(paths);
    return request(
      visit,
      timeMs + at * random.integer(200, 4_000),
      path,
      path.includes('profile') && random.happens(0.05) ? 401 : random.happens(0.01) ? 500 : 200,
      random.integer(80, 4_000),
    );
  });
};

const CRAWLERS = [
  ['66.249.66.', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  ['220.181.108.', 'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)'],
  ['157.55.39.', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'],
  ['106.11.152.', 'Mozilla/5.0 (compatible; YisouSpider/5.0; +http://www.yisou.com/help/webmaster/spider)'],
  ['17.241.75.', 'Mozilla/5.0 (compatible; Applebot/0.1; +http://www.apple.com/go/applebot)'],
  ['54.36.148.', 'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)'],
] as const;

const crawler: Scene = (random, timeMs) => {
  const [network, agent] = random.pick(CRAWLERS);
  const visit = { address: `${network}${random.integer(1, 30)}`, agent };
  const lines = [request(visit, timeMs, 'GET /robots.txt', 200, 68)];
  for (let page = random.integer(3, 40), nowMs = timeMs; page > 0; page--) {
    nowMs += random.integer(1, 15) * SECOND_MS;
    const isGone = random.happens(0.12);
    lines.push(
      request(
        visit,
        nowMs,
        `GET ${isGone ? `/product-${random.integer(1, 9000)}.html` : `/goods/${random.integer(1, 4000)}.html`}`,
        isGone ? 404 : 200,
        isGone ? 153 : 15_000,
      ),
    );
  }
  return lines;
};

/** Each is asked once a minute, around the clock. */
const uptimeChecks: Scene = (_random, timeMs) => [
  request({ address: MONITOR, agent: 'Uptime-Kuma/2.0' }, timeMs, 'GET /healthz', 200, 15),
  request({ address: '100.64.0.8', agent: 'SLBHealthCheck' }, timeMs + 500, 'HEAD /', 200, 0),
  request({ address: '10.0.3.40', agent: 'kube-probe/1.31' }, timeMs + 900, 'GET /ready', 200, 2),
  request({ address: MONITOR, agent: 'Prometheus/3.0.1' }, timeMs + 1_200, 'GET /metrics', 200, 40_000),
];

const payment: Scene = (random, timeMs) => [
  request(
    { address: `203.119.217.${random.integer(1, 60)}`, agent: 'Mozilla/4.0' },
    timeMs,
    'POST /pay/alipay/notify',
    200,
    7,
  ),
  request(
    { address: `101.226.103.${random.integer(1, 60)}`, agent: 'Mozilla/4.0' },
    timeMs + 4_000,
    'POST /pay/wechat/notify',
    200,
    40,
  ),
];

/** The blog is WordPress, written in the office. */
const editor: Scene = (random, timeMs) => {
  const visit = { address: addressOf('hana', random), agent: BROWSERS[2] as string };
  const lines = [request(visit, timeMs, 'GET /blog/wp-login.php', 200, 4_153)];
  if (random.happens(0.3)) lines.push(request(visit, timeMs + 8 * SECOND_MS, 'POST /blog/wp-login.php', 200, 4_500));
  lines.push(request(visit, timeMs + 20 * SECOND_MS, 'POST /blog/wp-login.php', 302, 0));
  for (let save = 1; save < random.integer(10, 60); save++)
    lines.push(
      request(
        visit,
        timeMs + save * 15 * SECOND_MS,
        random.pick([
          'POST /blog/wp-admin/admin-ajax.php',
          'GET /blog/wp-json/wp/v2/posts/12?context=edit&_locale=user',
          'POST /blog/wp-json/wp/v2/posts/12/autosaves?_locale=user',
          'GET /blog/wp-json/wp/v2/users/?who=authors&per_page=100',
          'POST /blog/wp-admin/async-upload.php',
          'GET /blog/wp-admin/load-scripts.php?c=1&load%5Bchunk_0%5D=jquery-core,wp-i18n',
          'POST /blog/wp-json/batch/v1?_locale=user',
        ]),
        200,
        900,
      ),
    );
  return lines;
};

const wordpressItself: Scene = (_random, timeMs) => [
  request(
    { address: '10.0.3.5', agent: 'WordPress/6.8; https://shop.example/blog' },
    timeMs,
    'POST /blog/wp-cron.php?doing_wp_cron=1763540000.1234',
    200,
    0,
  ),
];

const partner: Scene = (random, timeMs) =>
  Array.from({ length: 30 }, (_, at) =>
    request(
      { address: '203.0.113.90', agent: random.pick(['python-requests/2.32.3', 'Apache-HttpClient/4.5.14 (Java/17)']) },
      timeMs + at * 1_500,
      `GET /openapi/v1/stock?sku=${random.integer(1, 4000)}`,
      200,
      120,
    ),
  );

/** What a public address hears all day: one or two requests by each of many. */
const PROBES = [
  'GET /.env',
  'GET /.git/config',
  'GET /wp-login.php',
  'GET /admin',
  'GET /phpmyadmin/',
  'GET /actuator/health',
  'GET /boaform/admin/formLogin',
  'GET /manager/html',
  'GET /cgi-bin/luci',
  'POST /',
  'GET /xmlrpc.php',
  'GET /robots.txt',
  'GET /.well-known/security.txt',
  'GET /sitemap.xml',
  'HEAD /',
];
const PROBERS = [
  '-',
  'Mozilla/5.0 zgrab/0.x',
  'Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)',
  'curl/8.5.0',
  'Go-http-client/1.1',
  'Mozilla/5.0',
];

const probe: Scene = (random, timeMs) => {
  const visit = { address: stranger(random), agent: random.pick(PROBERS) };
  return Array.from({ length: random.integer(1, 2) }, (_, at) =>
    request(visit, timeMs + at * 900, random.pick(PROBES), 404, 153),
  );
};

const everyMinute =
  (scene: Scene): Scene =>
  (random, timeMs) =>
    Array.from({ length: 24 * 60 }, (_, minute) => scene(random, timeMs + minute * MINUTE_MS)).flat();

/** `access.log` of a shop, its app and its blog. */
export const SHOP: Diary = {
  stream: 'file:/var/log/nginx/access.log',
  format: 'access',
  share: 0.46,
  occasions: [
    { scene: everyMinute(uptimeChecks), hours: [0, 0.01], perDay: 1 },
    { scene: editor, hours: [9, 18], perDay: 6 },
    { scene: wordpressItself, perDay: 90 },
    { scene: payment, perDay: 160 },
    { scene: partner, perDay: 12 },
    { scene: probe, perDay: 130 },
    { scene: crawler, perDay: 170 },
    { scene: shopper, hours: [7, 24], weight: 6 },
    { scene: mobileApp, weight: 5 },
  ],
};
