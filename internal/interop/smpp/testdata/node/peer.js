// node-smpp as a peer: it does what lines of JSON on its input say, and answers each
// with a line that has its id. Lines with an event tell what has come by itself.
'use strict';
const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

let session; // of the client
const bound = []; // sessions of the server that can receive
let policy = { system: '', password: '', throttle: 0 };
let messages = 0;

function say(line) {
	process.stdout.write(JSON.stringify(line) + '\n');
}

// text is what the application is shown of a message.
function text(pdu) {
	const m = pdu.short_message && pdu.short_message.message;
	if (m && m.length) return m.toString();
	const p = pdu.message_payload;
	return p ? (p.message || p).toString() : '';
}

// octets makes a Buffer of each {"hex": "..."}.
function octets(key, value) {
	return value && typeof value.hex === 'string' ? Buffer.from(value.hex, 'hex') : value;
}

// answer does what node-smpp leaves to the application.
function answer(s, pdu) {
	if (pdu.isResponse()) return;
	switch (pdu.command) {
	case 'bind_transmitter':
	case 'bind_receiver':
	case 'bind_transceiver':
		if (pdu.system_id !== policy.system || pdu.password !== policy.password) {
			s.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
			s.close();
			return;
		}
		s.send(pdu.response({ system_id: 'node', sc_interface_version: 0x34 }));
		if (pdu.command !== 'bind_transmitter') bound.push(s);
		return;
	case 'submit_sm':
	case 'data_sm':
		if (policy.server) {
			take(s, pdu);
			return;
		}
		break;
	case 'query_sm':
		s.send(pdu.response({ message_id: pdu.message_id, message_state: smpp.MESSAGE_STATE.DELIVERED, final_date: '', error_code: 0 }));
		return;
	}
	s.send(pdu.response());
	if (pdu.command === 'unbind') s.close();
}

// take answers a message, and reports it as delivered when that is wanted.
function take(s, pdu) {
	if (policy.throttle > 0) {
		policy.throttle--;
		s.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
		return;
	}
	const id = String(++messages);
	s.send(pdu.response({ message_id: id }));
	if (!(pdu.registered_delivery & 3)) return;
	const params = {
		source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
		short_message: 'id:' + id + ' sub:001 dlvrd:001 submit date:2611260101 done date:2611260102 stat:DELIVRD err:000 text:',
		receipted_message_id: id, message_state: 2,
	};
	if (pdu.user_message_reference !== undefined) params.user_message_reference = pdu.user_message_reference;
	bound[bound.length - 1].deliver_sm(params);
}

function watch(s) {
	s.on('pdu', (pdu) => {
		say({ event: 'pdu', command: pdu.command, text: text(pdu) });
		answer(s, pdu);
	});
	s.on('error', (e) => say({ event: 'error', text: e.message }));
	s.on('close', () => {
		const i = bound.indexOf(s);
		if (i >= 0) bound.splice(i, 1);
		say({ event: 'close' });
	});
}

const actions = {
	connect(r) {
		const options = { host: r.host, port: r.port, tls: Boolean(r.ca) };
		if (r.ca) options.ca = fs.readFileSync(r.ca);
		session = smpp.connect(options, () => say({ id: r.id }));
		watch(session);
	},
	listen(r) {
		policy = Object.assign(policy, r.policy, { server: true });
		const options = r.key ? { key: fs.readFileSync(r.key), cert: fs.readFileSync(r.cert) } : {};
		const server = smpp.createServer(options, watch);
		server.listen(0, '127.0.0.1', () => say({ id: r.id, port: server.address().port }));
	},
	policy(r) {
		Object.assign(policy, r.policy);
		say({ id: r.id });
	},
	// send is for the client, or a bound session of the server; it ends with the response.
	send(r) {
		const s = session || bound[bound.length - 1];
		if (!s) {
			say({ id: r.id, error: 'nobody is bound' });
			return;
		}
		s.send(new smpp.PDU(r.command, r.params), (pdu) => {
			say({ id: r.id, status: pdu.command_status });
		});
	},
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
	const r = JSON.parse(line, octets);
	actions[r.do](r);
}).on('close', () => process.exit(0));
