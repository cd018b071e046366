import { byId, setText } from './dom.js';
import { time } from './format.js';
import { heatCharts } from './heat-charts.js';
import { hoursPanel, jobPanel, overview, pipelinePanel, refusalPanel, suspensionTable } from './panels.js';

const panels = [
  overview,
  heatCharts(byId('heat-charts')),
  suspensionTable(),
  refusalPanel(),
  hoursPanel(),
  pipelinePanel(),
  jobPanel(),
];

/** A view comes every second; after so long without one the connection is lost, whatever the browser says. */
const lostAfterMs = 5000;
const againAfterMs = 2000;

let lastViewAtMs = Date.now();
let ended = false;

function show(view) {
  lastViewAtMs = Date.now();
  ended = false;
  byId('lost').hidden = true;
  document.body.classList.remove('stale');
  setText(byId('live'), 'live');
  for (const panel of panels) panel(view);
  document.body.dataset.ready = 'true';
}

function lose() {
  const what = ended ? 'The local system was stopped' : 'The connection to the local system is lost';
  byId('lost').hidden = false;
  setText(
    byId('lost'),
    `${what}. What stands here is of ${time(lastViewAtMs)}. The page goes on by itself when it is back.`,
  );
  document.body.classList.add('stale');
  setText(byId('live'), 'not live');
}

function connect() {
  const events = new EventSource('/events');
  events.onmessage = ({ data }) => show(JSON.parse(data));
  events.addEventListener('end', () => {
    ended = true;
    lose();
  });
  events.onerror = () => {
    lose();
    // The browser comes again by itself, unless the answer was not a stream of events.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, againAfterMs);
  };
}

setInterval(() => {
  if (Date.now() - lastViewAtMs > lostAfterMs) lose();
}, 1000);
connect();
