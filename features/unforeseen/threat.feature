Feature: Somebody threatens at the table
  The mediator calls before it comes to blows; the case is red from then on.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is in session

  Rule: call_police - whoever sees it coming calls before it comes to that
    Scenario: Bram threatens
      When Ma calls the police
      Then the case is "In session"
      And it is graded red
      And the officer on the case is reminded
