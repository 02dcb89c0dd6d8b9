// An application that is an ES module.
import express from 'express';

const app = express();
app.get('/module', function listed() {});
