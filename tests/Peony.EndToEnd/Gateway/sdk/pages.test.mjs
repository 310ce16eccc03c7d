// The official SDK's page calls, notices, certificates and encrypted v3 against a running Peony; run as sdk.test.mjs is.
import assert from 'node:assert/strict';
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { AlipaySdk } from 'alipay-sdk';

const base = process.env.PEONY_URL;
const json = { accept: 'application/json' };
const keys = await (await fetch(`${base}/sandbox/keys`, { headers: json })).json();
const checked = { validateSign: true };
const with_ = options => new AlipaySdk({ appId: keys.appId, privateKey: keys.privateKey, alipayPublicKey: keys.alipayPublicKey, gateway: keys.gateway, endpoint: keys.endpoint, timeout: 20000, ...options });
const sdk = with_({});
const number = () => 'N' + randomUUID().replaceAll('-', '');

async function payCode() {
  return (await (await fetch(`${base}/sandbox/paycode`, { method: 'POST', headers: { ...json, 'content-type': 'application/json' }, body: '{}' })).json()).code;
}

const order = productCode => ({ outTradeNo: number(), totalAmount: '5.00', subject: '乌龙茶 "a" + 100%', productCode });

async function leadsToPage(response) {
  assert.equal(response.status, 302, await response.text());
  assert.match(response.headers.get('location'), /^\/app\/pay\/trd_/);
}

test('a page opened by its address leads to where the trade is paid', async () => {
  await leadsToPage(await fetch(sdk.pageExecute('alipay.trade.page.pay', 'GET', { bizContent: order('FAST_INSTANT_TRADE_PAY'), returnUrl: 'http://127.0.0.1:1/back?x=1' }), { redirect: 'manual' }));
});

test('a form of the shop that posts itself leads there too', async () => {
  const html = sdk.pageExecute('alipay.trade.wap.pay', 'POST', { bizContent: order('QUICK_WAP_WAY') });
  const plain = text => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  const body = new URLSearchParams([...html.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(field => [field[1], plain(field[2])]));
  const headers = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
  await leadsToPage(await fetch(plain(html.match(/action="([^"]+)"/)[1]), { method: 'POST', body, headers, redirect: 'manual' }));
});

test('the order string of an app leads there too', async () => {
  await leadsToPage(await fetch(`${keys.gateway}?${sdk.sdkExecute('alipay.trade.app.pay', { bizContent: order('QUICK_MSECURITY_PAY') })}`, { redirect: 'manual' }));
});

test('payment and refund are told, and both checks of the SDK find the notices genuine', async () => {
  const got = [];
  const shop = createServer((request, response) => {
    let body = '';
    request.on('data', part => { body += part; });
    request.on('end', () => { got.push(Object.fromEntries(new URLSearchParams(body))); response.end('success'); });
  });
  await new Promise(resolve => shop.listen(0, '127.0.0.1', resolve));
  const bizContent = { ...order('FACE_TO_FACE_PAYMENT'), authCode: await payCode(), scene: 'bar_code' };
  const paid = await sdk.exec('alipay.trade.pay', { notifyUrl: `http://127.0.0.1:${shop.address().port}/notify`, bizContent }, checked);
  assert.equal(paid.code, '10000', JSON.stringify(paid));
  await sdk.exec('alipay.trade.refund', { bizContent: { outTradeNo: bizContent.outTradeNo, refundAmount: '1.00', outRequestNo: 'R1' } }, checked);
  for (let wait = 0; wait < 100 && got.length < 2; wait++) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }

  shop.close();
  assert.equal(got.length, 2);
  for (const notice of got) {
    assert.ok(sdk.checkNotifySign({ ...notice }), JSON.stringify(notice));
    assert.ok(sdk.checkNotifySignV2({ ...notice }), JSON.stringify(notice));
    assert.deepEqual([notice.out_trade_no, notice.trade_status, notice.total_amount], [bizContent.outTradeNo, 'TRADE_SUCCESS', '5.00']);
  }

  assert.equal(got.find(notice => notice.out_biz_no === 'R1').refund_fee, '1.00');
});

test('the platform certificate is found by the serial number that clients compute', async () => {
  const certificate = new X509Certificate(keys.alipayCertificate);
  const issuer = certificate.issuer.split('\n').reverse().join(',');
  const alipayCertSn = createHash('md5').update(issuer + BigInt('0x' + certificate.serialNumber)).digest('hex');
  const found = await sdk.exec('alipay.open.app.alipaycert.download', { bizContent: { alipayCertSn } }, checked);
  assert.equal(found.code, '10000', JSON.stringify(found));
  assert.equal(Buffer.from(found.alipayCertContent, 'base64').toString().trim(), keys.alipayCertificate.trim());
  assert.ok(certificate.verify(new X509Certificate(keys.alipayRootCertificate).publicKey));
});

test('version 3 encrypts both ways, and tells an endpoint that ends in the gateway', async () => {
  const made = await with_({ encryptKey: keys.aesKey }).curl('POST', '/v3/alipay/trade/precreate', { needEncrypt: true, body: { out_trade_no: number(), total_amount: '4.00', subject: '乌龙茶' } });
  assert.ok((made.data.qr_code ?? made.data.qrCode).startsWith(base), JSON.stringify(made.data));
  await assert.rejects(sdk.curl('GET', '/v3/alipay/trade/query', { query: { out_trade_no: 'nothing', note: '乌 + 龙' } }), error => error.code === 'ACQ.TRADE_NOT_EXIST');
  await assert.rejects(with_({ endpoint: keys.gateway }).curl('POST', '/v3/alipay/trade/query', { body: {} }), error => error.code === 'invalid-method');
});

test('an empty parameter is signed by the SDK and taken', async () => {
  assert.equal((await sdk.exec('alipay.trade.query', { notifyUrl: '', bizContent: { outTradeNo: 'nothing' } }, checked)).subCode, 'ACQ.TRADE_NOT_EXIST');
});
