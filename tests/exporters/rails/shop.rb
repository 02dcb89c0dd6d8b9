# A shop with what makes tables of routes hard: resources, a scope, a mounted application, an engine, any verb.
require "action_controller/railtie"

class OrdersController < ActionController::Base
  def index; end
  def show; end
  def destroy; end
end

class Blog < Rails::Engine
  isolate_namespace Blog
end

class Shop < Rails::Application
  config.eager_load = false
  config.logger = Logger.new($stderr)
  config.secret_key_base = "for a test"
end
Shop.initialize!

Blog.routes.draw { resources :posts, only: [:index, :destroy] }
Shop.routes.draw do
  post "/login", to: "sessions#create"
  resources :orders, only: [:index, :show, :destroy]
  scope "/admin", as: "admin" do
    resources :users, only: [:update, :destroy]
  end
  match "/webhook", to: "hooks#receive", via: :all
  get "/old", to: redirect("/orders")
  mount Blog => "/blog"
  mount Proc.new { [200, {}, []] }, at: "/queue", as: "queue"
end
