// A shop with what makes tables of routes hard: nested routers, chained routes, middleware, a mounted application.
const express = require('express');

const app = express();
const admin = express.Router();
const users = express.Router({ mergeParams: true });
const partner = express();

function auth(request, response, next) { next(); }
function login(request, response) { response.end(); }
function audited(request, response, next) { next(); }

app.use(express.json());
app.post('/login', login);
app.route('/orders').get(function listOrders() {}).post(audited, function createOrder() {});
users.get('/:userId', (request, response) => response.end());
users.delete('/:userId', audited, function deleteUser() {});
admin.use('/users', users);
app.use('/admin', auth, admin);
app.use(['/v1', '/v2'], users);
app.get(['/status', '/health'], function status() {});
app.all('/webhook', function webhook() {});
app.get(/^\/files\/.*$/, function file() {});
partner.put('/transfers/:id', function transfer() {});
app.use('/partner', partner);

module.exports = app;
if (require.main === module) app.listen(0, () => process.exit());
